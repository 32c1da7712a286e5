import { parseStatementEvent } from '@sfn-redshift/shared';
import { OWNER_ROLE, roleOf } from '../../src/account/prefix.ts';
import { Redshift } from '../../src/account/redshift.ts';
import type { RequestIdentity } from '../../src/request-identity.ts';
import { onQuietTime, PLAIN_TASK, pass, quietWorld } from './quiet-world.ts';
import { outcomeOf } from './refusal.ts';
import { MINUTE_MS, Words } from './statement-account.ts';
import type { Life, Role, StartOptions, StatementStep } from './statement-cases.ts';

const ROLES: Readonly<Record<Role, string>> = { owner: OWNER_ROLE, other: roleOf('drain') };

/** Carries a case out in a model account of its own; what came of each step. */
export const inModel = async (prefix: string, steps: readonly StatementStep[]): Promise<readonly unknown[]> => {
  const world = quietWorld();
  const events: object[] = [];
  const listeners = { onEvent: (event: object) => void events.push(event), onStart: () => undefined };
  const redshift = new Redshift(world, listeners);
  const words = new Words(prefix, world.time.now);
  const outcomes: unknown[] = [];
  await onQuietTime(world.time, async () => {
    for (const step of steps) outcomes.push(await perform(step));
  });
  return outcomes;

  function perform(step: StatementStep): Promise<unknown> {
    switch (step.do) {
      case 'execute':
        return outcomeOf(() => {
          const request = requestOf(step, outcomes.length);
          const { batch } = step;
          const sql = batch ? { Sqls: ['select 1', 'update t'], ExecutionMode: batch } : { Sql: 'select 1' };
          return words.ofStart(redshift.execute({ ...sql, ...words.started(step) }, request, roleIn(step)));
        });
      case 'describe':
        return outcomeOf(async () =>
          words.ofDescription(await redshift.describe(words.idOf(step.which), step.waitSeconds ?? 0, roleIn(step))),
        );
      case 'cancel':
        return outcomeOf(() => redshift.cancel(words.idOf(step.which), roleIn(step)));
      case 'list':
        return outcomeOf(() => words.ofList(redshift.list(words.listed(step), roleIn(step))));
      case 'result':
        return outcomeOf(() => words.ofPage(redshift.result({ Id: words.resultOf(step) }, roleIn(step))));
      case 'session':
        return outcomeOf(() => words.ofSessions(redshift.sessions.list(words.sessionOf(step.of), roleIn(step))));
      case 'event': {
        const parsed = events
          .map(parseStatementEvent)
          .filter(({ statementId }) => statementId === words.idOf(step.which));
        return Promise.resolve(parsed.map((event) => words.ofEvent(event)));
      }
      case 'pass':
        return pass(world.time, step.minutes * MINUTE_MS);
    }
  }
};

const roleIn = ({ as = 'owner' }: { readonly as?: Role }): string => ROLES[as];

const FINISHED: Life = { minutes: 0, end: 'FINISHED' };

/** Each has a life of its own. */
const requestOf = ({ life = FINISHED, batch }: StartOptions, index: number): RequestIdentity => {
  const { minutes, end } = life;
  const lives = [{ durationMs: minutes * MINUTE_MS, end, deliveries: [0] }];
  const task = { ...PLAIN_TASK, lives, ...(batch && { batch: { statements: 2, executionMode: batch, failsAt: 1 } }) };
  return { identity: `request-${index}`, chain: `chain-${index}`, rank: 0, task, index };
};
