import { MalformedMessage } from './failure.ts';
import { MAX_PREFIX_LENGTH, STATEMENT_NAME_SEPARATOR } from './names.ts';
import { sha256 } from './sql-text.ts';

/** The key of a tracking item. */
export interface TrackingKey {
  readonly owner: string;
  readonly invocationKey: string;
}

/** Hexadecimal characters of an invocation key: 128 bits, far beyond chance collision within one owner. */
export const INVOCATION_KEY_LENGTH = 32;

/** An owner longer than this is shortened to its beginning and a hash, so that every statement name fits 500 characters. */
const MAX_OWNER_LENGTH = 380;

const NAME_REST = new RegExp(`^([0-9a-f]{${INVOCATION_KEY_LENGTH}})${STATEMENT_NAME_SEPARATOR}(.+)$`, 's');

/**
 * The owner as it is stored and named: as given where it fits. Half a surrogate pair, given or cut, is replaced here,
 * because UTF-8 would replace it on the way to Redshift, and the name would come back with another key.
 */
export const boundedOwner = (owner: string): string => {
  const bounded =
    owner.length <= MAX_OWNER_LENGTH ? owner : `${owner.slice(0, MAX_OWNER_LENGTH - 65)}~${sha256(owner)}`;
  return bounded.toWellFormed();
};

/**
 * The statement's name in Redshift: `PREFIX/INVOCATION_KEY/OWNER`. The rule filters on the prefix, the completer finds the
 * item by the rest, and a person reads the execution's name at its end (the owner is mostly an execution ARN).
 */
export const encodeStatementName = (prefix: string, key: TrackingKey): string =>
  `${prefix}${key.invocationKey}${STATEMENT_NAME_SEPARATOR}${key.owner}`;

/** The item's key, or undefined where the name does not carry our prefix: another tasker's statement. */
export const decodeStatementName = (prefix: string, name: string): TrackingKey | undefined => {
  if (!name.startsWith(prefix)) return undefined;
  const key = keyIn(name.slice(prefix.length));
  if (!key) throw new MalformedMessage('statementName', 'carries our prefix but no item key');
  return key;
};

/** The key in a name of a tasker's, whatever its prefix; undefined where it holds none. */
export const keyInName = (name: string): TrackingKey | undefined =>
  keyIn(name.slice(name.indexOf(STATEMENT_NAME_SEPARATOR) + 1));

const keyIn = (rest: string): TrackingKey | undefined => {
  const [, invocationKey, owner] = NAME_REST.exec(rest) ?? [];
  return invocationKey && owner ? { invocationKey, owner } : undefined;
};

/** @throws Error for a prefix that could be the beginning of another, or leaves no room for the key. */
export const checkPrefix = (prefix: string): string => {
  const inner = prefix.slice(0, -1);
  const wellFormed =
    prefix.endsWith(STATEMENT_NAME_SEPARATOR) && !inner.includes(STATEMENT_NAME_SEPARATOR) && inner !== '';
  if (!wellFormed || prefix.length > MAX_PREFIX_LENGTH) {
    throw new Error(
      `statement name prefix: must be 1 to ${MAX_PREFIX_LENGTH - 1} characters and one final "/"; received ${JSON.stringify(prefix)}`,
    );
  }
  return prefix;
};
