import type { Account } from '../common/account.ts';
import type { StackArtifact } from './assembly.ts';
import { conditionsOf } from './conditions.ts';
import { type Scope, TemplateError } from './intrinsics.ts';
import { parametersOf } from './parameters.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import type { PlannedResource } from './resource.ts';

type Ids = Pick<PlannedResource, 'physicalId' | 'attributes'>;

export interface ScopeDeps {
  readonly account: Account;
  /** What other stacks have exported so far, by name. */
  readonly exports: ReadonlyMap<string, unknown>;
  /** Takes what is wrong with the template as a whole. */
  readonly refuse: (reason: string) => void;
}

/** What the names of one stack mean; the ids of its resources are added as they become known. */
export class StackScope implements Scope {
  readonly #mappings: NonNullable<StackArtifact['template']['Mappings']>;
  readonly #names: Map<string, unknown>;
  readonly #resources = new Map<string, Ids>();
  /** Refused themselves: what refers to them gets a stand-in, so that it is not refused for their sake. */
  readonly #refused = new Set<string>();
  readonly #exports: ReadonlyMap<string, unknown>;
  readonly condition: (name: string) => boolean;

  constructor({ stackName, template }: StackArtifact, { account, exports, refuse }: ScopeDeps) {
    this.#mappings = template.Mappings ?? {};
    this.#exports = exports;
    this.#names = new Map([...pseudoParameters(account, stackName), ...parametersOf(template, refuse)]);
    this.condition = conditionsOf(template.Conditions ?? {}, () => this);
  }

  addResource(logicalId: string, ids: Ids): void {
    this.#resources.set(logicalId, ids);
  }

  addRefused(logicalId: string): void {
    this.#refused.add(logicalId);
  }

  ref(name: string): unknown {
    if (this.#refused.has(name)) return standIn(name);
    if (this.#names.has(name)) return this.#names.get(name);
    return this.#resource(name).physicalId;
  }

  attribute(logicalId: string, name: string): unknown {
    if (this.#refused.has(logicalId)) return standIn(logicalId);
    const value = this.#resource(logicalId).attributes[name];
    if (value === undefined) throw new TemplateError(`attribute ${logicalId}.${name} is not supported`);
    return value;
  }

  mapped(map: string, topLevelKey: string, secondLevelKey: string): unknown {
    const value = this.#mappings[map]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) throw new TemplateError(`mapping ${map} has no entry ${topLevelKey}, ${secondLevelKey}`);
    return value;
  }

  imported(exportName: string): unknown {
    if (this.#exports.has(exportName)) return this.#exports.get(exportName);
    throw new TemplateError(`no stack deployed before exports ${exportName}`);
  }

  #resource(logicalId: string): Ids {
    const resource = this.#resources.get(logicalId);
    if (resource) return resource;
    throw new TemplateError(`refers to ${logicalId}, which the template does not define or its conditions leave out`);
  }
}

/** In the form of an ARN, as most references are meant to be one. */
const standIn = (logicalId: string): string => `arn:aws:refused:us-east-1:000000000000:${logicalId}`;
