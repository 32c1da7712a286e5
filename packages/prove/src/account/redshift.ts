import type { ExecuteStatementCommandInput } from '@aws-sdk/client-redshift-data';
import { type EndState, names } from '@sfn-redshift/shared';
import type { RequestIdentity } from '../request-identity.ts';
import type { Life } from '../schedule.ts';
import { sdkError } from '../sdk-error.ts';
import type { Trace } from '../trace.ts';
import { type Cancel, START, type VirtualTime } from '../virtual-time.ts';

/** How long the Data API tells of a statement that has ended. */
export const REMEMBERED_MS = 24 * 3_600_000;

/** How long the Data API knows a ClientToken. */
const TOKEN_LIFE_MS = 8 * 3_600_000;

const GOOD_DAY: Life = { durationMs: 0, end: 'FINISHED', deliveries: [0] };

/** A statement that the account runs, or has run. */
export interface Statement {
  readonly id: string;
  readonly name: string;
  readonly clientToken: string;
  readonly acceptedAt: number;
  /** Whose invocation started it. */
  readonly request: RequestIdentity;
  readonly life: Life;
  readonly errorText: string | undefined;
  state: 'STARTED' | EndState;
  endedAt?: number;
}

/** Who hears of statements. */
export interface Listeners {
  /** Where an event goes when its time has come. */
  onEvent(event: object): void;
  onStart(statement: Statement): void;
}

/** Redshift lets no query run longer. */
const LONGEST_MS = 24 * 3_600_000;

/** The Redshift Data API: statements by ClientToken, their ends, and an event for each end. */
export class Redshift {
  readonly statements: Statement[] = [];
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #listeners: Listeners;
  readonly #refusals = new Map<number, number>();
  readonly #ends = new Map<string, Cancel>();
  readonly #waiting: { readonly statement: Statement; readonly answer: () => void }[] = [];

  constructor({ time, trace }: { time: VirtualTime; trace: Trace }, listeners: Listeners) {
    this.#time = time;
    this.#trace = trace;
    this.#listeners = listeners;
  }

  find(id: unknown): Statement | undefined {
    return this.statements.find((statement) => statement.id === id);
  }

  execute(input: ExecuteStatementCommandInput, request: RequestIdentity | undefined): { readonly Id: string } {
    if (!request) throw new Error('only an invoker executes');
    const known = this.statements.find(
      ({ clientToken, acceptedAt }) => clientToken === input.ClientToken && this.#time.now - acceptedAt < TOKEN_LIFE_MS,
    );
    if (known) return { Id: known.id };
    const refused = this.#refusals.get(request.index) ?? 0;
    if (refused < request.task.refusals) {
      this.#refusals.set(request.index, refused + 1);
      throw sdkError('ValidationException', 'the statement is not one that the Data API takes', 400);
    }
    return { Id: this.#accept(input, request).id };
  }

  /** At once, or, with `seconds`, when the statement has ended, or else when they are over. */
  describe(id: unknown, seconds = 0): object | Promise<object> {
    const statement = this.#known(id);
    if (seconds === 0 || statement.state !== 'STARTED') return this.#description(statement);
    return new Promise((resolve) => {
      const answer = () => resolve(this.#description(statement));
      this.#waiting.push({ statement, answer });
      this.#time.after(seconds * 1000, answer);
    });
  }

  #description(statement: Statement) {
    const { name, state, errorText, acceptedAt, endedAt } = statement;
    return {
      ResultRows: 1,
      RedshiftQueryId: 7,
      UpdatedAt: new Date(endedAt ?? acceptedAt),
      Id: statement.id,
      StatementName: name,
      Status: state,
      ...(errorText && isBad(state) && { Error: errorText }),
    };
  }

  cancel(id: unknown) {
    const statement = this.#known(id);
    if (statement.state !== 'STARTED') {
      throw sdkError(
        'ValidationException',
        `Could not cancel a query that is already in ${statement.state} state`,
        400,
      );
    }
    this.#ends.get(statement.id)?.();
    this.#end(statement, 'ABORTED');
    return { Status: true };
  }

  /** Newest first, as the Data API lists. */
  list(prefix: string | undefined) {
    const found = this.statements
      .filter((statement) => statement.name.startsWith(prefix ?? '') && this.#isRemembered(statement))
      .reverse();
    return {
      Statements: found.map(({ id, name, state, acceptedAt }) => ({
        Id: id,
        StatementName: name,
        Status: state,
        CreatedAt: new Date(acceptedAt),
      })),
    };
  }

  #known(id: unknown): Statement {
    const statement = this.find(id);
    if (!statement || !this.#isRemembered(statement))
      throw sdkError('ResourceNotFoundException', 'no such statement', 400);
    return statement;
  }

  #isRemembered({ endedAt }: Statement): boolean {
    return endedAt === undefined || this.#time.now - endedAt < REMEMBERED_MS;
  }

  #accept(input: ExecuteStatementCommandInput, request: RequestIdentity): Statement {
    const number = this.statements.length + 1;
    const { lives } = request.task;
    const before = this.statements.filter((other) => other.request.index === request.index).length;
    const life = lives[Math.min(before, lives.length - 1)] ?? GOOD_DAY;
    const statement: Statement = {
      id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      name: input.StatementName ?? '',
      clientToken: input.ClientToken ?? '',
      acceptedAt: this.#time.now,
      request,
      life,
      errorText: life.end === 'FAILED' ? `ERROR: of statement ${number}` : undefined,
      state: 'STARTED',
    };
    this.statements.push(statement);
    this.#trace.add('redshift', `accepts statement ${number} of task ${request.index}`);
    const [end, durationMs] = endOf(life);
    this.#ends.set(
      statement.id,
      this.#time.after(durationMs, () => this.#end(statement, end)),
    );
    this.#listeners.onStart(statement);
    return statement;
  }

  #end(statement: Statement, state: EndState): void {
    statement.state = state;
    statement.endedAt = this.#time.now;
    this.#trace.add('redshift', `statement ${this.statements.indexOf(statement) + 1} ends ${state}`);
    for (const waiting of this.#waiting) if (waiting.statement === statement) waiting.answer();
    const event = eventOf(statement, state, this.#time.now);
    for (const seconds of statement.life.deliveries)
      this.#time.after(seconds * 1000, () => this.#listeners.onEvent(event));
  }
}

const endOf = ({ end, durationMs }: Life): readonly [EndState, number] =>
  end === 'never' || durationMs > LONGEST_MS ? ['ABORTED', LONGEST_MS] : [end, durationMs];

const isBad = (state: string): boolean => state === 'FAILED' || state === 'ABORTED';

/** In EventBridge's form. */
export const eventOf = ({ id, name }: Pick<Statement, 'id' | 'name'>, state: string, time: number) => ({
  version: '0',
  id: `event-${id}`,
  source: names.COMPLETION_EVENT.source,
  'detail-type': names.COMPLETION_EVENT.detailType,
  account: '123456789012',
  time: new Date(Math.max(START, time)).toISOString(),
  region: 'us-east-1',
  resources: ['arn:aws:redshift:us-east-1:123456789012:cluster:c1'],
  detail: { statementId: id, statementName: name, state, rows: 1, redshiftQueryId: 7 },
});
