import type { Account } from '../common/account.ts';
import type { PolicyDocument } from '../common/service.ts';
import type { Asset } from './assembly.ts';
import { type Named, type NameRules, physicalName } from './naming.ts';
import type { Properties } from './properties.ts';
import type { StageParts } from './stage-parts.ts';

/** A resource of a template, its references resolved. */
export interface Resource extends Named {
  readonly type: string;
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

/** What a resource is known by. */
export interface Ids {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource as it is, before it is changed or deleted. */
export interface Existing extends Ids {
  readonly properties: Properties;
}

/** What a resource will be. Ids are known before anything exists, so that a whole assembly can be checked first. */
export interface PlannedResource extends Ids {
  /** Only what is made tells its ids, as custom resources do: those here stand for it if it never does. */
  readonly isOpen?: boolean;
  /**
   * Makes it, wholly or not at all. What is open answers with its ids.
   *
   * @param signal gives up waiting for what the stage does not make itself
   */
  create(signal: AbortSignal): Promise<Ids | void> | Ids | void;
  /** Turns what exists into this, in place; in a rollback, back into it. */
  update(existing: Existing, signal: AbortSignal): Promise<Ids | void> | Ids | void;
  /** Takes away what this made. What is gone already is no error. */
  delete(existing: Existing, signal: AbortSignal): Promise<void> | void;
}

export interface ResourceType {
  /** Properties that CloudFormation cannot change in place ("Update requires: Replacement"); the ids depend on no others. */
  readonly replacement: readonly string[];
  /** Properties whose change is refused, with the reason. */
  readonly unchangeable?: Readonly<Record<string, string>>;
  /** Reads and checks every property, says what the resource will be, and how to make it. It makes nothing itself. */
  plan(resource: Resource, context: DeployContext): PlannedResource;
}

/** The name that the template gives, or one in CloudFormation's form. */
export const nameOf = (resource: Resource, property: string, rules: NameRules): string =>
  resource.properties.string(property) ?? physicalName(resource, rules);
