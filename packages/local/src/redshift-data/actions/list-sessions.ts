import { noSuchSession, validationError } from '../errors.ts';
import { type Input, optionalBoolean, optionalString } from '../input.ts';
import { ownerOf, userIdOf } from '../owner.ts';
import { type DatabaseSession, SESSION_STATUSES } from '../sessions/database-session.ts';
import { sessionIdOf } from '../sessions/session-of.ts';
import { type Action, timestamp } from './action.ts';
import { listPage } from './paging.ts';
import { targetFilterOf } from './target-filter.ts';

const STATUS = { pattern: new RegExp(`^(${SESSION_STATUSES.join('|')})$`) };
const NOT_WITH_SESSION_ID = ['Status', 'ClusterIdentifier', 'WorkgroupName', 'Database'];

/** The sessions that the caller's role has opened within a day, newest first; those not closed, unless `Status` says otherwise. */
export const listSessions: Action = (input, caller, { sessions }) => {
  const matches = filterOf(input);
  const wholeRole = input.RoleLevel === undefined || optionalBoolean(input, 'RoleLevel');
  const isListed = (session: DatabaseSession) =>
    matches(session) && (wholeRole || session.origin.userId === userIdOf(caller));
  const { items, nextToken } = listPage(input, sessions.ownedBy(ownerOf(caller)), isListed, ({ id }) => id);
  const id = sessionIdOf(input);
  if (id !== undefined && items.length === 0) throw noSuchSession(id);
  return { Sessions: items.map(summary), ...(nextToken !== undefined && { NextToken: nextToken }) };
};

const filterOf = (input: Input): ((session: DatabaseSession) => boolean) => {
  const id = sessionIdOf(input);
  if (id !== undefined) return byId(id, input);
  const status = optionalString(input, 'Status', STATUS);
  const inTarget = targetFilterOf(input);
  return (session) =>
    (status === undefined ? session.status !== 'CLOSED' : session.status === status) && inTarget(session.origin);
};

const byId = (wanted: string, input: Input): ((session: DatabaseSession) => boolean) => {
  const other = NOT_WITH_SESSION_ID.find((field) => input[field] !== undefined && input[field] !== null);
  if (other) throw validationError(`${other} cannot be given with SessionId.`);
  return ({ id }) => id === wanted;
};

const summary = (session: DatabaseSession) => ({
  SessionId: session.id,
  Status: session.status,
  CreatedAt: timestamp(session.createdAt),
  UpdatedAt: timestamp(session.updatedAt),
  ...session.origin.target.echo,
  SessionAliveSeconds: session.keepAliveSeconds,
  ...(session.endsAt !== undefined && { SessionTtl: timestamp(session.endsAt) }),
  ...(session.current && { CurrentStatementId: session.current.id }),
});
