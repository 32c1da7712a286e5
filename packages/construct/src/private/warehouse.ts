import { Token } from 'aws-cdk-lib';
import type { RedshiftClusterIdentityTargetProps, RedshiftServerlessTargetProps } from '../redshift-target-props';
import { arnInFinding } from './acknowledge';
import { ENVIRONMENT } from './contract.generated';
import { redshiftArn, type TargetPlace } from './target-place';
import { checkText } from './validation';

// What CreateCluster accepts.
const CLUSTER_IDENTIFIER = /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/;

/** A cluster or workgroup: what the invoker knows it by, and the role's policy. */
export interface Warehouse {
  readonly environment: Record<string, string>;
  /** @throws Error where it cannot be in that place */
  readonly arn: (place: TargetPlace) => string;
  readonly acknowledgements: (place: TargetPlace) => Record<string, string>;
  readonly warnings: Record<string, string>;
}

/** @throws Error naming the property. */
export const cluster = ({ clusterIdentifier }: RedshiftClusterIdentityTargetProps): Warehouse => {
  checkText(
    'clusterIdentifier',
    clusterIdentifier,
    CLUSTER_IDENTIFIER,
    'must be the identifier of a cluster (1 to 63 lower-case letters, digits and single hyphens, a letter first)',
  );
  return {
    environment: { [ENVIRONMENT.clusterIdentifier]: clusterIdentifier },
    arn: (place) => redshiftArn(place, 'cluster', clusterIdentifier),
    acknowledgements: () => ({}),
    warnings: {},
  };
};

export const workgroup = ({ workgroup: { _name, _arn } }: RedshiftServerlessTargetProps): Warehouse => {
  const environment = { [ENVIRONMENT.workgroupName]: _name };
  if (_arn === undefined) return { environment, ...everyWorkgroup(_name) };
  const arn = (place: TargetPlace) => {
    checkPlace(_arn, place);
    return _arn;
  };
  return { environment, arn, acknowledgements: () => ({}), warnings: {} };
};

const EVERY = 'workgroup/*';

const everyWorkgroup = (name: string): Omit<Warehouse, 'environment'> => ({
  arn: ({ stack, account }) =>
    stack.formatArn({ service: 'redshift-serverless', account, resource: 'workgroup', resourceName: '*' }),
  acknowledgements: ({ stack, account }) => ({
    [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'redshift-serverless', EVERY, account)}]`]:
      'The ARN of a workgroup holds an id that cannot be told from its name, and only the name was given.',
  }),
  warnings: {
    'sfn-redshift-tasker:workgroupByName': `workgroup: known by its name alone, ${name}, so that the role which runs statements is allowed every workgroup of the account and region. ServerlessWorkgroup.fromArn or fromCfnWorkgroup narrows it`,
  },
});

/** In another region the Data API finds none; in another account only a role of that account does. */
const checkPlace = (workgroupArn: string, { stack, account }: TargetPlace): void => {
  if (Token.isUnresolved(workgroupArn)) return;
  const [, , , ofRegion, ofAccount] = workgroupArn.split(':');
  const differs = (one: string | undefined, other: string) => !Token.isUnresolved(other) && one !== other;
  if (differs(ofRegion, stack.region)) {
    throw new Error(`workgroup: must be in the region of the stack, ${stack.region}; received "${workgroupArn}"`);
  }
  if (differs(ofAccount, account)) {
    throw new Error(
      `workgroup: must be of the account of the role that runs statements, ${account}; received "${workgroupArn}"; ownerRole may be a role of another account`,
    );
  }
};
