import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The resource behind a construct of this app; undefined for what is imported. */
export const resourceOf = <T extends CfnResource>(construct: IConstruct, ...types: string[]): T | undefined => {
  const { defaultChild } = construct.node;
  const isOne = CfnResource.isCfnResource(defaultChild) && types.includes(defaultChild.cfnResourceType);
  return isOne ? (defaultChild as T) : undefined;
};
