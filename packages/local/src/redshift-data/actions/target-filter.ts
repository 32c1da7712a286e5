import { validationError } from '../errors.ts';
import { type Input, optionalString } from '../input.ts';
import { CLUSTER_IDENTIFIER, type Target, WORKGROUP_NAME } from '../target.ts';

/** What `ClusterIdentifier`, `WorkgroupName` (also by ARN) and `Database` of a list let through. */
export const targetFilterOf = (input: Input): ((of: { readonly target: Target }) => boolean) => {
  const cluster = optionalString(input, 'ClusterIdentifier', CLUSTER_IDENTIFIER);
  const workgroup = optionalString(input, 'WorkgroupName', WORKGROUP_NAME);
  const database = optionalString(input, 'Database');
  if (cluster !== undefined && workgroup !== undefined)
    throw validationError('ClusterIdentifier and WorkgroupName cannot be given together.');
  const isCluster = ({ warehouse: { kind, name } }: Target) => kind === 'cluster' && name === cluster;
  const isWorkgroup = ({ warehouse: { kind, name }, arn }: Target) =>
    kind === 'workgroup' && (name === workgroup || arn === workgroup);
  return ({ target }) =>
    (cluster === undefined || isCluster(target)) &&
    (workgroup === undefined || isWorkgroup(target)) &&
    (database === undefined || target.database === database);
};
