import type { Account } from '../common/account.ts';
import type { PolicyDocument } from '../common/service.ts';
import type { Asset } from './assembly.ts';
import { type NameRules, physicalName } from './naming.ts';
import type { Properties } from './properties.ts';
import type { StageParts } from './stage-parts.ts';

/** A resource of a template, its references resolved. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly properties: Properties;
}

/** What the resources of an assembly are planned with. */
export interface DeployContext {
  readonly account: Account;
  readonly parts: StageParts;
  /** Of the stack that is being planned, by object key. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Customer managed policies planned so far, by ARN. */
  readonly managedPolicies: Map<string, PolicyDocument>;
}

/** What a resource will be. Ids are known before anything exists, so that a whole assembly can be checked first. */
export interface PlannedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
  create(): Promise<void> | void;
}

/** A resource type: reads and checks every property, says what the resource will be, and how to make it. It makes nothing itself. */
export type ResourceType = (resource: Resource, context: DeployContext) => PlannedResource;

/** The name that the template gives, or one in CloudFormation's form. */
export const nameOf = ({ stackName, logicalId, properties }: Resource, property: string, rules: NameRules): string =>
  properties.string(property) ?? physicalName(stackName, logicalId, rules);
