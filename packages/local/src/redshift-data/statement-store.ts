import type { Clock } from '../common/clock.ts';
import { expired, tooManyActiveStatements, unknownStatement } from './errors.ts';
import type { DatabaseSession } from './sessions/database-session.ts';
import { Statement, type Submission } from './statement.ts';
import type { Target } from './target.ts';

/** Of one warehouse, submitted or running. */
const MAX_ACTIVE = 500;
const HOUR_MS = 3600 * 1000;
const TOKEN_KEPT_MS = 8 * HOUR_MS;
/** That there was a statement is known a week longer than the statement itself. */
const EXPIRED_KEPT_MS = 7 * 24 * HOUR_MS;

interface Expired {
  readonly owner: string;
  readonly at: number;
}

/** The statements of the account: found by those who own them, until they expire. */
export class StatementStore {
  readonly #clock: Clock;
  readonly #statements = new Map<string, Statement>();
  /** In the order of their submission. */
  readonly #byOwner = new Map<string, Map<string, Statement>>();
  /** By the ARN of their warehouse. */
  readonly #active = new Map<string, Set<Statement>>();
  /** In the order of their end, so in the order in which they expire. */
  readonly #ended: Statement[] = [];
  /** What is left to tell of those, in the same order. */
  readonly #expired = new Map<string, Expired>();
  readonly #tokens = new Map<string, { readonly statement: Statement; readonly at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The statement that the same owner has started by the same operation with this token within 8 hours, whatever else was
   * asked for then: AWS does not say what it makes of differences.
   */
  submittedWith(submission: Submission, clientToken: string | undefined): Statement | undefined {
    this.#forget();
    return clientToken === undefined ? undefined : this.#tokens.get(tokenKey(submission, clientToken))?.statement;
  }

  /** @throws AwsError `ActiveStatementsExceededException` when a warehouse has as many as it may have */
  refuseTooMany({ arn }: Target): void {
    if ((this.#active.get(arn)?.size ?? 0) >= MAX_ACTIVE) throw tooManyActiveStatements(MAX_ACTIVE);
  }

  /** A new statement. */
  add(submission: Submission, clientToken?: string, session?: DatabaseSession): Statement {
    const statement = new Statement(submission, () => this.#clock.now(), session);
    this.#statements.set(statement.id, statement);
    entry(this.#byOwner, submission.owner, () => new Map<string, Statement>()).set(statement.id, statement);
    entry(this.#active, submission.target.arn, () => new Set<Statement>()).add(statement);
    if (clientToken !== undefined)
      this.#tokens.set(tokenKey(submission, clientToken), { statement, at: statement.createdAt });
    return statement;
  }

  /** To be told once of each statement's end. */
  noteEnd(statement: Statement): void {
    this.#active.get(statement.submission.target.arn)?.delete(statement);
    this.#ended.push(statement);
  }

  /** @throws AwsError `ResourceNotFoundException` also for another owner's, `ValidationException` for an expired one */
  find(id: string, owner: string): Statement {
    this.#forget();
    const statement = this.#statements.get(id);
    if (statement?.submission.owner === owner) return statement;
    const past = this.#expired.get(id);
    if (past?.owner === owner) throw expired(past.at);
    throw unknownStatement(id);
  }

  /** The `aws:userid` of whoever started it, whoever asks. */
  starterOf(id: string): string | undefined {
    return this.#statements.get(id)?.submission.userId;
  }

  /** An owner's, newest first. */
  ownedBy(owner: string): readonly Statement[] {
    this.#forget();
    return [...(this.#byOwner.get(owner)?.values() ?? [])].reverse();
  }

  /** Those that have not ended. */
  active(): readonly Statement[] {
    return [...this.#active.values()].flatMap((statements) => [...statements]);
  }

  /** Everybody's, in the order of their submission. */
  all(): readonly Statement[] {
    this.#forget();
    return [...this.#statements.values()];
  }

  /** Nothing is set to wake for it: what has expired goes when somebody comes. */
  #forget(): void {
    const now = this.#clock.now();
    const kept = this.#ended.findIndex(({ expiresAt }) => expiresAt > now);
    for (const { id, submission, expiresAt } of this.#ended.splice(0, kept < 0 ? this.#ended.length : kept)) {
      this.#statements.delete(id);
      this.#byOwner.get(submission.owner)?.delete(id);
      this.#expired.set(id, { owner: submission.owner, at: expiresAt });
    }
    forgetUntil(this.#expired, now - EXPIRED_KEPT_MS);
    forgetUntil(this.#tokens, now - TOKEN_KEPT_MS);
  }
}

const tokenKey = ({ owner, executionMode }: Submission, clientToken: string): string =>
  `${owner} ${executionMode ? 'batch' : 'single'} ${clientToken}`;

const entry = <V>(map: Map<string, V>, key: string, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

/** Takes out what is not later than `time`; the map is in the order of time. */
const forgetUntil = (map: Map<string, { readonly at: number }>, time: number): void => {
  for (const [key, { at }] of map) {
    if (at > time) break;
    map.delete(key);
  }
};
