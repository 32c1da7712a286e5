import { decodeStatementName, type TrackingItem } from '@sfn-redshift/shared';
import type { StrayMessage } from '../schedule.ts';
import type { Account } from './account.ts';
import { eventOf } from './answers.ts';
import { PREFIX } from './prefix.ts';
import type { Statement } from './redshift.ts';

const KEY = 'f'.repeat(32);
const OTHER_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

/** Puts what does not belong there into the completion queue, when its time comes. */
export const sendStrayMessages = (account: Account): void => {
  const { time, schedule, trace } = account.world;
  for (const { afterMs, kind } of schedule.messages) {
    time.after(afterMs, () => {
      const body = bodyOf(kind, account);
      if (body === undefined) return;
      trace.add('adversary', `puts a stray message: ${kind}`);
      account.queue.send({ MessageBody: typeof body === 'string' ? body : JSON.stringify(body) });
    });
  }
};

/** Undefined where there is no statement yet that it could be about. */
const bodyOf = (kind: StrayMessage['kind'], account: Account): object | string | undefined => {
  const event = (name: string) => eventOf({ id: OTHER_ID, name }, 'FINISHED', account.world.time.now);
  switch (kind) {
    case 'notJson':
      return '{"detail":';
    case 'notEvent':
      return { hello: 'queue' };
    case 'foreign':
      return event(`another-tasker/${KEY}/owner`);
    case 'unknownItem':
      return event(`${PREFIX}${KEY}/owner`);
    case 'nameWithoutKey':
      return event(`${PREFIX}no-key`);
    case 'malformedRefusal':
      return { type: 'refused', callback: { type: 'stepFunctions' } };
    case 'noEnd':
      return ofLatest(account, (statement) => eventOf(statement, 'STARTED', account.world.time.now));
    case 'otherStatement':
      return ofLatest(account, (statement, item) => (item?.statementId ? otherEnd(statement, account) : undefined));
  }
};

const ofLatest = (
  { redshift, table }: Account,
  make: (statement: Statement, item: TrackingItem | undefined) => object | undefined,
): object | undefined => {
  const statement = redshift.statements.at(-1);
  const key = statement && decodeStatementName(PREFIX, statement.name);
  return statement && key && make(statement, table.find(key));
};

/** Somebody runs a statement under a name of ours: the item, which knows its own, must not believe it. */
const otherEnd = ({ name, life }: Statement, { world }: Account): object =>
  eventOf({ id: OTHER_ID, name }, life.end === 'FINISHED' ? 'FAILED' : 'FINISHED', world.time.now);
