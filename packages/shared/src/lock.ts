import * as z from 'zod/mini';
import { checkMessage } from './check.ts';
import { normalizedSql, sha256 } from './sql-text.ts';
import type { StartRequest } from './start-request.ts';
import type { TrackingKey } from './statement-name.ts';
import type { TrackingItem } from './tracking-item.ts';

/** Where a statement runs, as far as it tells two singletons apart. */
export interface SingletonPlace {
  readonly targetId: string;
  readonly database: string;
  /** The database user, or what it follows from. */
  readonly dbUser: string;
}

/**
 * The lock that a request's statement must hold while it runs; undefined where it needs none. It is the owner of the lock's
 * row. A named lock is one for the whole tasker. A singleton's is named by the normalized SQL, its parameters and its place.
 */
export const lockOf = (request: StartRequest, place: SingletonPlace): string | undefined => {
  const { lock } = request;
  if (request.action === 'executeSingletonStatement') {
    const { sqlStatement, parameters } = request;
    const { targetId, database, dbUser } = place;
    const values = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
    return `lock-${sha256('singleton', normalizedSql(sqlStatement), targetId, database, dbUser, ...values.flat())}`;
  }
  return lock && `lock-${sha256('named', lock.name)}`;
};

/** An item whose statement must hold a lock. */
export type LockedItem = TrackingItem & { readonly lock: string };

export const needsLock = (item: TrackingItem): item is LockedItem => item.lock !== undefined;

/** No statement's: an invocation key is 32 hexadecimal digits. */
const SORT_KEY = 'lock';

/** The row of a lock. It has no start time, hence is in no index. */
export const lockKeyOf = (lock: string): TrackingKey => ({ owner: lock, invocationKey: SORT_KEY });

const holderOfLock = z.looseObject({
  holderOwner: z.string(),
  holderKey: z.string(),
  holderGeneration: z.int(),
  statementName: z.string(),
  heldUntil: z.number(),
});

/**
 * Who holds a lock: the item of this key, in `holderGeneration` or a later one: an attempt that adopts the item has its lock.
 * `heldUntil`, epoch milliseconds: as long the holder may still be claiming its item, and then claims it no more.
 */
export interface LockHolder {
  readonly holderOwner: string;
  readonly holderKey: string;
  readonly holderGeneration: number;
  readonly statementName: string;
  readonly heldUntil: number;
}

/** The holder that an item is, or will be once it is claimed. */
export const lockHolderOf = ({
  owner,
  invocationKey,
  generation,
  statementName,
  startDeadline,
}: TrackingItem): LockHolder => ({
  holderOwner: owner,
  holderKey: invocationKey,
  holderGeneration: generation,
  statementName,
  heldUntil: startDeadline,
});

export const keyOfHolder = ({ holderOwner, holderKey }: LockHolder): TrackingKey => ({
  owner: holderOwner,
  invocationKey: holderKey,
});

/** A lock's row, read. Undefined where nobody holds it: a lock that was released keeps its row until that expires. */
export const decodeLockRow = (attributes: Record<string, unknown> | undefined): LockHolder | undefined => {
  if (attributes?.['holderKey'] === undefined) return undefined;
  const { holderOwner, holderKey, holderGeneration, statementName, heldUntil } = checkMessage(
    holderOfLock,
    attributes,
    'lock',
  );
  return { holderOwner, holderKey, holderGeneration, statementName, heldUntil };
};

/** What a row says of its holder, as expressions call it. */
export const LOCK_NAMES = {
  '#holderOwner': 'holderOwner',
  '#holderKey': 'holderKey',
  '#holderGeneration': 'holderGeneration',
  '#statementName': 'statementName',
  '#heldUntil': 'heldUntil',
} as const satisfies { readonly [K in keyof LockHolder as `#${K}`]: K };

/** The lock is the item's own, in its generation or an earlier one. */
export const HOLDS_LOCK = '#holderOwner = :owner AND #holderKey = :key AND #holderGeneration <= :generation';

/** The values of that condition. */
export const holdsLockValues = ({ owner, invocationKey, generation }: TrackingItem) => ({
  owner,
  key: invocationKey,
  generation,
});

/**
 * The update that releases a lock, under the condition above. Not a delete: that would take a permission to delete rows, of
 * statements too.
 */
export const RELEASE_LOCK = `REMOVE ${Object.keys(LOCK_NAMES).join(', ')}`;
