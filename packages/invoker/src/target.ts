import { type Environment, environmentVariable, names, sha256 } from '@sfn-redshift/shared';

/** A provisioned cluster, or a serverless workgroup by name or ARN. */
type Warehouse = { readonly clusterIdentifier: string } | { readonly workgroupName: string };

/** A database user of the warehouse: the one that it names, that of a secret, or else the one of the owner's IAM identity. */
type Login = { readonly dbUser: string } | { readonly secretArn: string } | object;

/** Where statements run, and as whom. Serverless knows no `dbUser`. */
export type Target = Warehouse & Login & { readonly database: string };

/** A target by the Data API's names: as it is asked to run a statement there, and as it answers. */
export interface Connection {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly Database: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

export const connectionOf = (target: Target): Connection => ({
  ...('clusterIdentifier' in target
    ? { ClusterIdentifier: target.clusterIdentifier }
    : { WorkgroupName: target.workgroupName }),
  Database: target.database,
  ...('dbUser' in target && { DbUser: target.dbUser }),
  ...('secretArn' in target && { SecretArn: target.secretArn }),
});

/** Who a target's statements run as; of a secret's user and of an identity's the name is not known, but what it follows from. */
export const userOf = (target: Target, ownerRoleArn: string): string => {
  if ('dbUser' in target) return target.dbUser;
  return 'secretArn' in target ? `secret:${target.secretArn}` : `iam:${ownerRoleArn}`;
};

/** A part of a hash is plenty to tell two targets apart, and costs less in every row. */
const HASH_LENGTH = 16;

/**
 * Stands for a target in rows: what a claim was made for is not started elsewhere. That of a cluster with a database user may
 * not change: open rows have it.
 * @param actsAs the role that is assumed to call the Data API, which knows a ClientToken from that role only
 */
export const targetHashOf = (target: Target, actsAs: string | undefined): string =>
  sha256('target', ...partsOf(target, actsAs)).slice(0, HASH_LENGTH);

const partsOf = (target: Target, actsAs: string | undefined): string[] => {
  if ('clusterIdentifier' in target && 'dbUser' in target && actsAs === undefined)
    return [target.clusterIdentifier, target.database, target.dbUser];
  const { ClusterIdentifier = '', WorkgroupName = '', Database, DbUser = '', SecretArn = '' } = connectionOf(target);
  return [ClusterIdentifier, WorkgroupName, Database, DbUser, SecretArn, actsAs ?? ''];
};

const EXCLUSIVE = [
  ['clusterIdentifier', 'workgroupName'],
  ['workgroupName', 'dbUser'],
  ['dbUser', 'secretArn'],
] as const;

/** @throws Error naming the variables that are missing, empty, or exclude each other */
export const readTarget = (environment: Environment): Target => {
  const read = (name: keyof typeof names.ENVIRONMENT) => environmentVariable(environment, name);
  const isThere = (name: keyof typeof names.ENVIRONMENT) => environment[names.ENVIRONMENT[name]] !== undefined;
  for (const [one, other] of EXCLUSIVE) {
    if (!isThere(one) || !isThere(other)) continue;
    const [first, second] = [names.ENVIRONMENT[one], names.ENVIRONMENT[other]];
    throw new Error(`environment variables ${first} and ${second} exclude each other; both are there`);
  }
  return {
    ...(isThere('workgroupName')
      ? { workgroupName: read('workgroupName') }
      : { clusterIdentifier: read('clusterIdentifier') }),
    database: read('database'),
    ...(isThere('dbUser') && { dbUser: read('dbUser') }),
    ...(isThere('secretArn') && { secretArn: read('secretArn') }),
  };
};
