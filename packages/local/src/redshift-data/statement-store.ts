import type { Clock } from '../common/clock.ts';
import { expired, tooManyActiveStatements, unknownStatement } from './errors.ts';
import { Statement, type Submission } from './statement.ts';

/** Of one warehouse, submitted or running. */
const MAX_ACTIVE = 500;
const TOKEN_KEPT_MS = 8 * 3600 * 1000;

interface Expired {
  readonly owner: string;
  readonly at: number;
}

/** The statements of the account: found by those who own them, until they expire. */
export class StatementStore {
  readonly #clock: Clock;
  readonly #statements = new Map<string, Statement>();
  /** In the order of their end, so in the order in which they expire. */
  readonly #ended: Statement[] = [];
  /** What is left to tell of those. */
  readonly #expired = new Map<string, Expired>();
  readonly #tokens = new Map<string, { readonly statement: Statement; readonly at: number }>();
  readonly #active = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param clientToken within 8 hours it stands for the same statement of the same owner
   * @returns the statement, and whether it is new
   * @throws AwsError `ActiveStatementsExceededException`
   */
  submit(submission: Submission, clientToken: string | undefined): { statement: Statement; isNew: boolean } {
    this.#forget();
    const token = clientToken && `${submission.owner} ${clientToken}`;
    const known = token && this.#tokens.get(token)?.statement;
    if (known) return { statement: known, isNew: false };
    const { arn } = submission.target;
    const active = this.#active.get(arn) ?? 0;
    if (active >= MAX_ACTIVE) throw tooManyActiveStatements(MAX_ACTIVE);
    const statement = new Statement(submission, () => this.#clock.now());
    this.#active.set(arn, active + 1);
    this.#statements.set(statement.id, statement);
    if (token) this.#tokens.set(token, { statement, at: statement.createdAt });
    return { statement, isNew: true };
  }

  /** To be told once of each statement's end. */
  noteEnd(statement: Statement): void {
    const { arn } = statement.submission.target;
    this.#active.set(arn, (this.#active.get(arn) ?? 1) - 1);
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
    return [...this.#statements.values()].filter(({ submission }) => submission.owner === owner).reverse();
  }

  /** Those that have not ended. */
  active(): readonly Statement[] {
    return [...this.#statements.values()].filter(({ hasEnded }) => !hasEnded);
  }

  /** Nothing is set to wake for it: what has expired goes when somebody comes. */
  #forget(): void {
    const now = this.#clock.now();
    const kept = this.#ended.findIndex(({ expiresAt }) => expiresAt > now);
    for (const { id, submission, expiresAt } of this.#ended.splice(0, kept < 0 ? this.#ended.length : kept)) {
      this.#statements.delete(id);
      this.#expired.set(id, { owner: submission.owner, at: expiresAt });
    }
    for (const [token, { at }] of this.#tokens) {
      if (at + TOKEN_KEPT_MS > now) break;
      this.#tokens.delete(token);
    }
  }
}
