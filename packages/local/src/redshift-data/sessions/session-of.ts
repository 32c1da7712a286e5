import type { Caller } from '../../common/service.ts';
import { validationError } from '../errors.ts';
import { type Input, optionalString } from '../input.ts';
import { ownerOf } from '../owner.ts';
import type { DatabaseSession } from './database-session.ts';
import type { SessionStore } from './session-store.ts';

const SESSION_ID = { pattern: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/ };
/** A session knows them already. */
const CONNECTION_FIELDS = ['ClusterIdentifier', 'WorkgroupName', 'Database', 'DbUser', 'SecretArn'];

export const sessionIdOf = (input: Input): string | undefined => optionalString(input, 'SessionId', SESSION_ID);

/**
 * The session that a call wants to use; undefined when it names none.
 *
 * @throws AwsError `ValidationException` when it is not the caller's, or anything else names a connection
 */
export const sessionOf = (input: Input, caller: Caller, sessions: SessionStore): DatabaseSession | undefined => {
  const id = sessionIdOf(input);
  if (id === undefined) return undefined;
  const other = CONNECTION_FIELDS.find((field) => input[field] !== undefined && input[field] !== null);
  if (other) throw validationError(`${other} cannot be given with SessionId.`);
  return sessions.find(id, ownerOf(caller));
};
