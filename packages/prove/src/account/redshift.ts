import type {
  BatchExecuteStatementCommandInput,
  ExecuteStatementCommandInput,
  GetStatementResultCommandInput,
  ListStatementsCommandInput,
} from '@aws-sdk/client-redshift-data';
import type { EndState } from '@sfn-redshift/shared';
import type { RequestIdentity } from '../request-identity.ts';
import type { Life } from '../schedule.ts';
import { sdkError } from '../sdk-error.ts';
import type { Trace } from '../trace.ts';
import type { Cancel, VirtualTime } from '../virtual-time.ts';
import { answerOf, descriptionOf, eventOf, type StartAnswer } from './answers.ts';
import { type Batch, batchOf, errorTextOf, hasResult } from './batch.ts';
import { type Giving, givingOf, pageOf, type ResultPage } from './rows.ts';
import { checkAvailable, type Session, Sessions } from './sessions.ts';

/** How long the Data API tells of a statement that has ended. */
export const REMEMBERED_MS = 24 * 3_600_000;

/** How much longer it knows that there was one; how long is not documented, this is the stage's reading. */
const EXPIRED_MS = 7 * 24 * 3_600_000;

/** How long the Data API knows a ClientToken. */
const TOKEN_LIFE_MS = 8 * 3_600_000;

const LONGEST_NAME = 2048;
const LONGEST_TOKEN = 64;
const LARGEST_PAGE = 100;

const GOOD_DAY: Life = { durationMs: 0, end: 'FINISHED', deliveries: [0] };

/** A statement that the account runs, or has run. */
export interface Statement {
  /** The first is 1. */
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly clientToken: string;
  readonly acceptedAt: number;
  /** The role that it was started in: others do not see it. */
  readonly owner: string;
  /** Whose invocation started it. */
  readonly request: RequestIdentity;
  readonly life: Life;
  readonly errorText: string | undefined;
  readonly gives: Giving;
  /** That it runs in, if that is one that stays. */
  readonly session?: Session;
  /** Of a batch what it sends. */
  readonly batch?: Batch;
  state: 'STARTED' | EndState;
  endedAt?: number;
}

/** Of either call. */
export type StartInput = ExecuteStatementCommandInput | BatchExecuteStatementCommandInput;

/** Who hears of statements. */
export interface Listeners {
  /** Where an event goes when its time has come. */
  onEvent(event: object): void;
  onStart(statement: Statement): void;
}

/** Redshift lets no query run longer. */
const LONGEST_MS = 24 * 3_600_000;

/** The Redshift Data API: statements by ClientToken, for the role that started them, their ends, and an event for each end. */
export class Redshift {
  readonly statements: Statement[] = [];
  readonly sessions: Sessions;
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #listeners: Listeners;
  readonly #refusals = new Map<number, number>();
  readonly #ends = new Map<string, Cancel>();
  readonly #waiting: { readonly statement: Statement; readonly answer: () => void }[] = [];

  constructor({ time, trace }: { time: VirtualTime; trace: Trace }, listeners: Listeners) {
    this.#time = time;
    this.sessions = new Sessions(time);
    this.#trace = trace;
    this.#listeners = listeners;
  }

  find(id: unknown): Statement | undefined {
    return this.statements.find((statement) => statement.id === id);
  }

  /** @throws as the Data API does, for what it does not take */
  execute(input: StartInput, request: RequestIdentity | undefined, owner: string): StartAnswer {
    if (!request) throw new Error('only an invoker executes');
    checkInput(input);
    const used = input.SessionId === undefined ? undefined : this.sessions.known(input.SessionId, owner);
    if (used && request.task.session?.isAskedFirst) checkAvailable(used);
    const known = this.statements.find(
      (statement) =>
        statement.owner === owner &&
        statement.clientToken === input.ClientToken &&
        this.#time.now - statement.acceptedAt < TOKEN_LIFE_MS,
    );
    if (known) return answerOf(known);
    if (used) checkAvailable(used);
    const refused = this.#refusals.get(request.index) ?? 0;
    if (refused < request.task.refusals) {
      this.#refusals.set(request.index, refused + 1);
      throw invalid('the statement is not one that the Data API takes');
    }
    return answerOf(this.#accept(input, request, owner));
  }

  /** At once, or, with `seconds`, when the statement has ended, or else when they are over. */
  describe(id: unknown, seconds: number, owner: string): object | Promise<object> {
    const statement = this.#known(id, owner);
    if (seconds === 0 || statement.state !== 'STARTED') return descriptionOf(statement);
    return new Promise((resolve) => {
      const answer = () => resolve(descriptionOf(statement));
      this.#waiting.push({ statement, answer });
      this.#time.after(seconds * 1000, answer);
    });
  }

  /** One page of its rows. */
  result({ Id, NextToken }: GetStatementResultCommandInput, owner: string): ResultPage {
    const [id = '', place] = (Id ?? '').split(':');
    const statement = this.#known(id, owner);
    const { number, gives, batch } = statement;
    const index = Number(place ?? 1) - 1;
    if (place !== undefined && !batch) throw unknown();
    if (place === undefined && batch) throw invalid('the result is that of a statement of the batch');
    if (!hasResult(statement, index)) throw noResult();
    return pageOf(gives, { number, index }, NextToken);
  }

  /** At once; the Data API only begins to: whoever asks right afterwards may still see it run. */
  cancel(id: unknown, owner: string) {
    const statement = this.#known(id, owner);
    if (statement.state !== 'STARTED') {
      throw invalid(`Could not cancel a query that is already in ${statement.state} state`);
    }
    this.#ends.get(statement.id)?.();
    this.#end(statement, 'ABORTED');
    return { Status: true };
  }

  /** Newest first, as the Data API lists; the finished ones, unless `Status` says otherwise. A page's token is its last id. */
  list(input: ListStatementsCommandInput, owner: string) {
    const { StatementName = '', Status = 'FINISHED', MaxResults = LARGEST_PAGE, NextToken } = input;
    const found = this.statements.filter((statement) => statement.owner === owner && this.#isRemembered(statement));
    const matching = found
      .filter(({ name, state }) => name.startsWith(StatementName) && (Status === 'ALL' || state === Status))
      .reverse();
    const from = matching.findIndex(({ id }) => id === NextToken) + 1;
    const page = matching.slice(from, from + MaxResults);
    return {
      Statements: page.map(({ id, name, state, acceptedAt }) => ({
        Id: id,
        StatementName: name,
        Status: state,
        CreatedAt: new Date(acceptedAt),
      })),
      ...(from + MaxResults < matching.length && { NextToken: page.at(-1)?.id }),
    };
  }

  #known(id: unknown, owner: string): Statement {
    const statement = this.find(id);
    if (statement?.owner === owner) {
      if (this.#isRemembered(statement)) return statement;
      const expiredAt = (statement.endedAt ?? 0) + REMEMBERED_MS;
      if (this.#time.now - expiredAt < EXPIRED_MS) {
        throw invalid(`Could not retrieve the query result as it has expired after ${Math.floor(expiredAt / 1000)}.`);
      }
    }
    throw unknown();
  }

  #isRemembered({ endedAt }: Statement): boolean {
    return endedAt === undefined || this.#time.now - endedAt < REMEMBERED_MS;
  }

  #accept(input: StartInput, request: RequestIdentity, owner: string): Statement {
    const number = this.statements.length + 1;
    const { lives } = request.task;
    const before = this.statements.filter((other) => other.request.index === request.index).length;
    const life = lives[Math.min(before, lives.length - 1)] ?? GOOD_DAY;
    const batch = batchOf(input, request.task);
    const session = this.#sessionFor(input, owner);
    const statement: Statement = {
      number,
      id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      name: input.StatementName ?? '',
      clientToken: input.ClientToken ?? '',
      acceptedAt: this.#time.now,
      owner,
      request,
      life,
      errorText: life.end === 'FAILED' ? errorTextOf(number, batch) : undefined,
      gives: givingOf(request.task),
      ...(session && { session }),
      ...(batch && { batch }),
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

  #sessionFor({ SessionId, SessionKeepAliveSeconds: keepAlive }: StartInput, owner: string): Session | undefined {
    if (SessionId !== undefined) return this.sessions.take(this.sessions.known(SessionId, owner), keepAlive);
    return keepAlive === undefined ? undefined : this.sessions.open(owner, keepAlive);
  }

  #end(statement: Statement, state: EndState): void {
    // It is free by the time anybody can know of the end.
    if (statement.session) this.sessions.release(statement.session);
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

/** The Data API's own limits. */
const checkInput = ({ StatementName = '', ClientToken = '' }: StartInput): void => {
  if (StatementName.length > LONGEST_NAME) throw invalid('the statement name is too long');
  if (ClientToken.length < 1 || ClientToken.length > LONGEST_TOKEN) throw invalid('the client token is no such token');
};

const invalid = (message: string): Error => sdkError('ValidationException', message, 400);

const unknown = (): Error => sdkError('ResourceNotFoundException', 'Query does not exist.', 400);

/** Also of one that has not finished. */
const noResult = (): Error => {
  const message = 'Query does not have result. Please check query status with DescribeStatement.';
  return sdkError('ResourceNotFoundException', message, 400);
};
