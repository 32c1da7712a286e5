import { sessionUnavailable, tooManySessions, unknownSession } from '../errors.ts';
import { DatabaseSession, LONGEST_LIFE_MS, type SessionDeps, type SessionOrigin } from './database-session.ts';

/** Of one warehouse, not closed. */
const MAX_OPEN = 500;

/** The database sessions of the account, known for a day to those who own them. */
export class SessionStore {
  readonly #deps: SessionDeps;
  /** In the order in which they were opened. */
  readonly #sessions = new Map<string, DatabaseSession>();

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /**
   * A new one, reserved for its first statement.
   *
   * @throws AwsError `ActiveSessionsExceededException`
   */
  open(origin: SessionOrigin, keepAliveSeconds: number): DatabaseSession {
    this.#forget();
    const isOpenThere = ({ origin: { target }, status }: DatabaseSession) =>
      target.arn === origin.target.arn && status !== 'CLOSED';
    if ([...this.#sessions.values()].filter(isOpenThere).length >= MAX_OPEN) throw tooManySessions(MAX_OPEN);
    const session = new DatabaseSession(origin, keepAliveSeconds, this.#deps).reserve();
    this.#sessions.set(session.id, session);
    return session;
  }

  /**
   * Open or closed.
   *
   * @throws AwsError `ValidationException` also for another owner's
   */
  find(id: string, owner: string): DatabaseSession {
    this.#forget();
    const session = this.#sessions.get(id);
    if (session?.origin.owner !== owner) throw unknownSession(id);
    return session;
  }

  /**
   * Reserves it for a statement.
   *
   * @param keepAliveSeconds from now on; as before when left out
   * @throws AwsError `ValidationException` when it is closed, or runs a statement
   */
  take(session: DatabaseSession, keepAliveSeconds: number | undefined): DatabaseSession {
    if (session.status !== 'AVAILABLE') throw sessionUnavailable();
    return session.reserve(keepAliveSeconds);
  }

  /** An owner's, newest first. */
  ownedBy(owner: string): readonly DatabaseSession[] {
    this.#forget();
    return [...this.#sessions.values()].filter(({ origin }) => origin.owner === owner).reverse();
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }

  /** They are all closed by then. */
  #forget(): void {
    const now = this.#deps.clock.now();
    for (const [id, { createdAt }] of this.#sessions) {
      if (createdAt + LONGEST_LIFE_MS > now) break;
      this.#sessions.delete(id);
    }
  }
}
