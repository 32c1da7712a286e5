import { randomBytes, randomInt } from 'node:crypto';
import { AwsError } from '../common/aws-error.ts';
import type { Credentials } from '../common/ports.ts';
import type { Caller } from '../common/service.ts';

interface Session {
  readonly caller: Caller;
  /** Epoch milliseconds; without it the keys last as long as the stage. */
  readonly expiresAt?: number | undefined;
}

/** Keys of the stage's own are told from those of real accounts by their beginning. */
const PREFIX = 'ASIASTAGE';
const KEY_LENGTH = 20;
const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Expired keys are kept, to be told from unknown ones, until this many keys have been given out since the last clearing. */
const CLEAR_EVERY = 1000;

/** The temporary credentials that the stage has given out, and whom each makes its bearer. */
export class Sessions {
  /** Whether keys that another endpoint may have given out are as good as any, though they look like the stage's. */
  takesKeysOfOthers = false;
  readonly #sessions = new Map<string, Session>();
  #issued = 0;

  issue(caller: Caller, expiry?: { readonly expiresAt: number; readonly now: number }): Credentials {
    if (expiry && ++this.#issued % CLEAR_EVERY === 0) this.#dropExpired(expiry.now);
    const accessKeyId = newAccessKeyId();
    this.#sessions.set(accessKeyId, { caller, expiresAt: expiry?.expiresAt });
    return {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
    };
  }

  /**
   * Undefined for keys that are not of this stage's making.
   *
   * @throws AwsError `ExpiredTokenException` or `UnrecognizedClientException` for keys that look like the stage's but are no longer, or not, valid
   */
  find(accessKeyId: string, now: number): Caller | undefined {
    const session = this.#sessions.get(accessKeyId);
    if (session && (session.expiresAt ?? Infinity) > now) return session.caller;
    if (session)
      throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired', {
        status: 403,
      });
    if (!this.takesKeysOfOthers && accessKeyId.startsWith(PREFIX))
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', {
        status: 403,
      });
    return undefined;
  }

  #dropExpired(now: number): void {
    for (const [key, session] of this.#sessions) {
      if ((session.expiresAt ?? Infinity) <= now) this.#sessions.delete(key);
    }
  }
}

const newAccessKeyId = (): string =>
  PREFIX +
  Array.from({ length: KEY_LENGTH - PREFIX.length }, () => KEY_LETTERS[randomInt(KEY_LETTERS.length)]).join('');
