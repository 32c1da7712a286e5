import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';
import { metadataTarget } from './catalog/metadata-request.ts';
import { unknownOperation } from './errors.ts';
import { userIdOf } from './owner.ts';
import type { StatementStore } from './statement-store.ts';
import { readTarget, type Target } from './target.ts';
import type { Warehouses } from './warehouses.ts';

const OWNER_KEY = 'redshift-data:statement-owner-iam-userid';

export interface PermissionDeps {
  readonly account: Account;
  readonly warehouses: Warehouses;
  readonly store: StatementStore;
}

/** The Data API's own permission, and those for the database credentials that it gets for the caller. */
export const permissionsFor = (
  { operation, input, caller }: ApiCall,
  { account, warehouses, store }: PermissionDeps,
): readonly NeededPermission[] => {
  const action = `redshift-data:${operation}`;
  switch (operation) {
    case 'ExecuteStatement': {
      const target = readTarget(input, caller, account, warehouses);
      return [{ action, resource: target.arn }, ...credentialPermissions(target, account)];
    }
    case 'DescribeTable':
    case 'ListDatabases':
    case 'ListSchemas':
    case 'ListTables': {
      const target = metadataTarget(input, caller, { account, warehouses });
      const database = typeof input.ConnectedDatabase === 'string' ? input.ConnectedDatabase : target.database;
      return [{ action, resource: target.arn }, ...credentialPermissions({ ...target, database }, account)];
    }
    case 'ListStatements':
      // The whole role's statements are not those of one session alone, so only a list of the latter has an owner.
      return [onAll(action, input.RoleLevel === false ? userIdOf(caller) : undefined)];
    case 'DescribeStatement':
    case 'GetStatementResult':
    case 'CancelStatement':
      return [onAll(action, typeof input.Id === 'string' ? store.starterOf(input.Id) : undefined)];
    default:
      throw unknownOperation(operation);
  }
};

const onAll = (action: string, owner: string | undefined): NeededPermission => ({
  action,
  resource: '*',
  ...(owner !== undefined && { context: { [OWNER_KEY]: owner } }),
});

const credentialPermissions = (target: Target, account: Account): readonly NeededPermission[] => {
  const { warehouse, database, dbUser, arn } = target;
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
