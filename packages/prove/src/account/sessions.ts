import { sdkError } from '../sdk-error.ts';
import type { Cancel, VirtualTime } from '../virtual-time.ts';

/** No session lives longer. */
const LONGEST_MS = 24 * 3_600_000;

/** A session of the Data API: it runs one statement at a time. */
export interface Session {
  readonly id: string;
  readonly owner: string;
  readonly openedAt: number;
  keepAliveSeconds: number;
  status: 'AVAILABLE' | 'BUSY' | 'CLOSED';
  idle: Cancel;
}

/** The sessions of the account, closed when nothing has run in them for as long as they were asked to stay. */
export class Sessions {
  readonly #all: Session[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get newest(): Session | undefined {
    return this.#all.at(-1);
  }

  find(id: unknown): Session | undefined {
    return this.#all.find((session) => session.id === id);
  }

  /** A new one, for a statement that is about to run. */
  open(owner: string, keepAliveSeconds: number): Session {
    const id = `99999999-0000-4000-8000-${String(this.#all.length + 1).padStart(12, '0')}`;
    const openedAt = this.#time.now;
    const session: Session = { id, owner, openedAt, keepAliveSeconds, status: 'BUSY', idle: () => {} };
    this.#all.push(session);
    return session;
  }

  /** @throws as the Data API does, for one that was never there, or is another role's */
  known(id: string, owner: string): Session {
    const session = this.find(id);
    if (session?.owner !== owner) throw sdkError('ValidationException', `Session with Id: ${id} is invalid.`, 400);
    return session;
  }

  /** For a statement that is about to run. */
  take(session: Session, keepAliveSeconds = session.keepAliveSeconds): Session {
    checkAvailable(session);
    session.idle();
    return Object.assign(session, { status: 'BUSY', keepAliveSeconds });
  }

  /** Its statement has ended. */
  release(session: Session): void {
    const leftMs = session.openedAt + LONGEST_MS - this.#time.now;
    const staysMs = Math.min(leftMs, session.keepAliveSeconds * 1000);
    session.status = staysMs > 0 ? 'AVAILABLE' : 'CLOSED';
    if (staysMs > 0) session.idle = this.#time.after(staysMs, () => Object.assign(session, { status: 'CLOSED' }));
  }

  /** @throws as the Data API does, where there is none of that id */
  list(id: unknown, owner: string): object {
    const session = this.find(id);
    if (session?.owner !== owner) throw sdkError('ResourceNotFoundException', 'Session does not exist.', 400);
    return { Sessions: [{ SessionId: session.id, Status: session.status }] };
  }
}

/** Of one that is closed it says the same as of one that is busy. */
export const checkAvailable = ({ status }: Session): void => {
  if (status !== 'AVAILABLE') throw sdkError('ValidationException', 'Session is not available', 400);
};
