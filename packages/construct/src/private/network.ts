import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { refuse } from './validation';

/** Where functions work; empty outside of any VPC. */
export interface Network {
  readonly vpc?: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups?: ec2.ISecurityGroup[];
}

export const networkOf = ({ vpc, vpcSubnets, securityGroups }: SfnRedshiftTaskerProps): Network => ({
  ...(vpc && { vpc }),
  ...(vpcSubnets && { vpcSubnets }),
  ...(securityGroups && { securityGroups }),
});

/** @throws Error naming the property that needs a VPC. */
export const checkNetwork = ({ vpc, vpcSubnets, securityGroups }: SfnRedshiftTaskerProps): void => {
  const rule = 'is of a VPC, and must be given together with vpc';
  if (!vpc && vpcSubnets) refuse('vpcSubnets', rule, vpcSubnets.subnetType ?? Object.keys(vpcSubnets));
  if (!vpc && securityGroups) refuse('securityGroups', rule, pathsOf(securityGroups));
  if (securityGroups?.length === 0) refuse('securityGroups', 'must be at least one, or left out', []);
};

const pathsOf = (groups: readonly ec2.ISecurityGroup[]) => groups.map(({ node }) => node.path);
