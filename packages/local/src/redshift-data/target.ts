import type { Account } from '../common/account.ts';
import { parseArn } from '../common/arn.ts';
import type { Caller } from '../common/service.ts';
import type { SecretDirectory } from '../services/secrets.ts';
import { noEndpoint, notSupported, validationError } from './errors.ts';
import { type Input, optionalString } from './input.ts';
import { userOfSecret } from './secret-login.ts';
import { type Warehouse, type Warehouses, warehouseArn } from './warehouses.ts';

/** Where a statement runs, and how its database is entered. */
export interface Connection {
  readonly warehouse: Warehouse;
  readonly arn: string;
  readonly database: string;
  /** As the caller named it; absent where the database user follows from the IAM identity. */
  readonly dbUser?: string;
  /** Name or ARN of the secret with the database user, if the caller named one. */
  readonly secretArn?: string;
  /** The fields that named the target, as responses repeat them. */
  readonly echo: Readonly<Record<string, string>>;
}

/** Where a statement runs, and as whom. */
export interface Target extends Connection {
  /** The database user's name, whatever it comes from. */
  readonly user: string;
}

export interface TargetDeps {
  readonly account: Account;
  readonly warehouses: Warehouses;
  readonly secrets: SecretDirectory;
}

export const CLUSTER_IDENTIFIER = { minLength: 1, maxLength: 63, pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ };
export const WORKGROUP_NAME = {
  minLength: 3,
  maxLength: 128,
  pattern: /^([a-z0-9-]{3,63}|arn:[^:]+:redshift-serverless:[a-z0-9-]+:\d{12}:workgroup\/[a-z0-9-]+)$/,
};

/** @throws AwsError as `readConnection`; and when there is no such secret, or it lets nobody in */
export const readTarget = (input: Input, caller: Caller, deps: TargetDeps): Target => {
  const connection = readConnection(input, deps);
  const { dbUser, secretArn, warehouse } = connection;
  const user =
    secretArn === undefined ? (dbUser ?? iamUser(caller)) : userOfSecret(deps.secrets.find(secretArn), warehouse);
  return { ...connection, user };
};

/** @throws AwsError when the fields do not name exactly one warehouse that exists, a database and one way to enter it */
export const readConnection = (
  input: Input,
  { account, warehouses }: Pick<TargetDeps, 'account' | 'warehouses'>,
): Connection => {
  const clusterIdentifier = optionalString(input, 'ClusterIdentifier', CLUSTER_IDENTIFIER);
  const workgroupName = optionalString(input, 'WorkgroupName', WORKGROUP_NAME);
  const database = optionalString(input, 'Database');
  const dbUser = optionalString(input, 'DbUser');
  const secretArn = optionalString(input, 'SecretArn');
  if ((clusterIdentifier === undefined) === (workgroupName === undefined))
    throw validationError('Exactly one of ClusterIdentifier and WorkgroupName must be given.');
  if (!database) throw validationError('Database must be given.');
  if (dbUser === '' || dbUser?.includes('\0')) throw validationError('DbUser must not be empty, nor hold NUL.');
  if (dbUser && workgroupName) throw validationError('DbUser cannot be given with WorkgroupName.');
  if (secretArn === '') throw validationError('SecretArn must not be empty.');
  if (secretArn && dbUser) throw validationError('DbUser cannot be given with SecretArn.');
  const warehouse = findWarehouse(clusterIdentifier, workgroupName, account, warehouses);
  return {
    warehouse,
    arn: warehouseArn(account, warehouse),
    database,
    ...(dbUser && { dbUser }),
    ...(secretArn && { secretArn }),
    echo: {
      ...(clusterIdentifier && { ClusterIdentifier: clusterIdentifier }),
      ...(workgroupName && { WorkgroupName: workgroupName }),
      Database: database,
      ...(dbUser && { DbUser: dbUser }),
      ...(secretArn && { SecretArn: secretArn }),
    },
  };
};

const findWarehouse = (
  clusterIdentifier: string | undefined,
  workgroupName: string | undefined,
  account: Account,
  warehouses: Warehouses,
): Warehouse => {
  if (workgroupName?.startsWith('arn:')) return workgroupByArn(workgroupName, account, warehouses);
  const warehouse: Warehouse = clusterIdentifier
    ? { kind: 'cluster', name: clusterIdentifier }
    : { kind: 'workgroup', name: workgroupName as string };
  if (!warehouses.has(warehouse)) throw noEndpoint();
  return warehouse;
};

const workgroupByArn = (arn: string, account: Account, warehouses: Warehouses): Warehouse => {
  const parts = parseArn(arn);
  const isOurs = parts?.region === account.region && parts.accountId === account.accountId;
  const workgroup = isOurs ? warehouses.workgroupWithId(parts.resource.slice('workgroup/'.length)) : undefined;
  if (!workgroup) throw noEndpoint();
  return workgroup;
};

/** The database user that Redshift derives from an IAM identity. */
const iamUser = (caller: Caller): string => {
  if (caller.type === 'role') return `IAMR:${lastPart(caller.roleArn)}`;
  if (caller.type === 'administrator') return `IAM:${lastPart(caller.arn)}`;
  throw notSupported(`A statement of ${caller.arn}`);
};

const lastPart = (arn: string): string => arn.split(/[/:]/).at(-1) as string;
