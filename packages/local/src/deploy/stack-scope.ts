import type { Account } from '../common/account.ts';
import type { StackArtifact } from './assembly.ts';
import { conditionsOf } from './conditions.ts';
import { type Scope, TemplateError } from './intrinsics.ts';
import { parametersOf } from './parameters.ts';
import { UNRESOLVED } from './property-values.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import type { Ids } from './resource.ts';

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
  /** Undefined for those of which nothing is known (yet). */
  readonly #resources = new Map<string, Ids | undefined>();
  readonly #exports: ReadonlyMap<string, unknown>;
  /** Names of the exports that have been asked for. */
  readonly imports = new Set<string>();
  readonly condition: (name: string) => boolean;

  constructor({ stackName, template }: StackArtifact, { account, exports, refuse }: ScopeDeps) {
    this.#mappings = template.Mappings ?? {};
    this.#exports = exports;
    this.#names = new Map([...pseudoParameters(account, stackName), ...parametersOf(template, refuse)]);
    this.condition = conditionsOf(template.Conditions ?? {}, () => this);
  }

  /** @param ids undefined as long as nobody knows them, as for what is refused itself */
  addResource(logicalId: string, ids: Ids | undefined): void {
    this.#resources.set(logicalId, ids);
  }

  ref(name: string): unknown {
    if (this.#names.has(name)) return this.#names.get(name);
    const resource = this.#resource(name);
    return resource ? resource.physicalId : UNRESOLVED;
  }

  attribute(logicalId: string, name: string): unknown {
    const resource = this.#resource(logicalId);
    if (!resource) return UNRESOLVED;
    const value = resource.attributes[name];
    if (value === undefined) throw new TemplateError(`attribute ${logicalId}.${name} is not supported`);
    return value;
  }

  mapped(map: string, topLevelKey: string, secondLevelKey: string): unknown {
    const value = this.#mappings[map]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) throw new TemplateError(`mapping ${map} has no entry ${topLevelKey}, ${secondLevelKey}`);
    return value;
  }

  imported(exportName: string): unknown {
    this.imports.add(exportName);
    if (this.#exports.has(exportName)) return this.#exports.get(exportName);
    throw new TemplateError(`no stack deployed before exports ${exportName}`);
  }

  #resource(logicalId: string): Ids | undefined {
    if (this.#resources.has(logicalId)) return this.#resources.get(logicalId);
    throw new TemplateError(`refers to ${logicalId}, which the template does not define or its conditions leave out`);
  }
}
