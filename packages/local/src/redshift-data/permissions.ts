import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';
import { metadataConnection } from './catalog/metadata-request.ts';
import { unknownOperation } from './errors.ts';
import type { Input } from './input.ts';
import { userIdOf } from './owner.ts';
import type { DatabaseSession } from './sessions/database-session.ts';
import { sessionOf } from './sessions/session-of.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { StatementStore } from './statement-store.ts';
import { type Connection, readConnection, type TargetDeps } from './target.ts';

const STATEMENT_OWNER_KEY = 'redshift-data:statement-owner-iam-userid';
const SESSION_OWNER_KEY = 'redshift-data:session-owner-iam-userid';

export interface PermissionDeps extends TargetDeps {
  readonly store: StatementStore;
  readonly sessions: SessionStore;
}

/** The Data API's own permission, and those for the database credentials that it gets for the caller. */
export const permissionsFor = (
  { operation, input, caller }: ApiCall,
  deps: PermissionDeps,
): readonly NeededPermission[] => {
  const { store, sessions } = deps;
  // What CSV results need is the same permission, though it is another operation.
  const action = `redshift-data:${operation === 'GetStatementResultV2' ? 'GetStatementResult' : operation}`;
  switch (operation) {
    case 'BatchExecuteStatement':
    case 'ExecuteStatement': {
      const session = sessionOf(input, caller, sessions);
      if (session) return [inSession(action, session)];
      const connection = readConnection(input, deps);
      return [{ action, resource: connection.arn }, ...runPermissions(connection, deps)];
    }
    case 'DescribeTable':
    case 'ListDatabases':
    case 'ListSchemas':
    case 'ListTables':
      return metadataPermissions(action, input, deps);
    // What the whole role has is not one identity's alone, so only a list of the latter has an owner.
    case 'ListSessions':
      return [onAll(action, SESSION_OWNER_KEY, input.RoleLevel === false ? userIdOf(caller) : undefined)];
    case 'ListStatements':
      return [onAll(action, STATEMENT_OWNER_KEY, input.RoleLevel === false ? userIdOf(caller) : undefined)];
    case 'DescribeStatement':
    case 'GetStatementResult':
    case 'GetStatementResultV2':
    case 'CancelStatement':
      return [
        onAll(
          action,
          STATEMENT_OWNER_KEY,
          typeof input.Id === 'string' ? store.starterOf(input.Id.replace(/:\d*$/, '')) : undefined,
        ),
      ];
    default:
      throw unknownOperation(operation);
  }
};

const metadataPermissions = (action: string, input: Input, deps: TargetDeps): readonly NeededPermission[] => {
  const connection = metadataConnection(input, deps);
  const database = typeof input.ConnectedDatabase === 'string' ? input.ConnectedDatabase : connection.database;
  return [{ action, resource: connection.arn }, ...credentialPermissions({ ...connection, database }, deps)];
};

const onAll = (action: string, key: string, owner: string | undefined): NeededPermission => ({
  action,
  resource: '*',
  ...(owner !== undefined && { context: { [key]: owner } }),
});

/** The session has its credentials already. */
const inSession = (action: string, { origin: { target, userId } }: DatabaseSession): NeededPermission => ({
  action,
  resource: target.arn,
  context: { [SESSION_OWNER_KEY]: userId },
});

const runPermissions = (connection: Connection, deps: TargetDeps): readonly NeededPermission[] => [
  ...credentialPermissions(connection, deps),
  ...keyPermissions(deps.warehouses.keyArnOf(connection.warehouse), deps.account),
];

/** The Data API stores SQL and results under the warehouse's own key: for the caller, Redshift makes it a grant. */
const keyPermissions = (resource: string | undefined, { accountId, region }: Account): readonly NeededPermission[] => {
  if (resource === undefined) return [];
  const context = { 'kms:ViaService': `redshift.${region}.amazonaws.com`, 'kms:CallerAccount': accountId };
  return [
    { action: 'kms:DescribeKey', resource, context },
    { action: 'kms:CreateGrant', resource, context: { ...context, 'kms:GrantIsForAWSResource': 'true' } },
  ];
};

const credentialPermissions = (
  { warehouse, database, dbUser, secretArn, arn }: Connection,
  { account, secrets }: TargetDeps,
): readonly NeededPermission[] => {
  if (secretArn !== undefined) return secrets.readPermissions(secretArn);
  if (warehouse.kind === 'workgroup') return [{ action: 'redshift-serverless:GetCredentials', resource: arn }];
  const dbName = arnIn(account, 'redshift', `dbname:${warehouse.name}/${database}`);
  if (!dbUser) return [{ action: 'redshift:GetClusterCredentialsWithIAM', resource: dbName }];
  const action = 'redshift:GetClusterCredentials';
  const context = { 'redshift:DbName': database, 'redshift:DbUser': dbUser };
  const dbUserArn = arnIn(account, 'redshift', `dbuser:${warehouse.name}/${dbUser}`);
  return [
    { action, resource: dbUserArn, context },
    { action, resource: dbName, context },
  ];
};
