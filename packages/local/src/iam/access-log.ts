import type { ApiCall, ServiceName } from '../common/service.ts';
import type { RequestContext } from './context.ts';
import type { Denial, ResourceVerdict } from './decision.ts';
import { type Verdict, variablesOf } from './evaluate.ts';
import type { Grant } from './roles.ts';

/** What was decided about one permission that a role's session needed, and by what. */
export interface Decision {
  readonly request: { readonly action: string; readonly resource: string; readonly context: RequestContext };
  /** The role's statements that are about the request; `boundary` only of a role that has one. */
  readonly granted: { readonly identity: readonly Grant[]; readonly boundary: readonly Grant[] | undefined };
  readonly session: Verdict | undefined;
  readonly resource: ResourceVerdict | undefined;
  /** Undefined when allowed. */
  readonly denial: Denial | undefined;
}

/** A short name for a statement as one policy has it; the same when that policy is put again. */
export type StatementName = number;

/** Requests of one role that are alike: the same operation and action, decided alike by the same statements. */
export interface Access extends Omit<Decision, 'request'> {
  readonly service: ServiceName;
  readonly operation: string;
  readonly action: string;
  count: number;
  /** How often each resource was asked for; the first ones only. */
  readonly resources: Map<string, number>;
  /** How often further ones were. */
  others: number;
  /** By statement, which of its resource patterns a request has matched. */
  readonly matched: Map<StatementName, Set<number>>;
}

/** What is alike is counted, so that its number depends on policies and operations, not on calls; this bounds what a client invents. */
const MOST_ACCESSES = 20_000;
const MOST_RESOURCES = 100;

/**
 * What the sessions of roles were allowed and denied since the start. Which statements decided is kept with it: what would be denied without one
 * of them follows without evaluating anything again.
 */
export class AccessLog {
  readonly #byRole = new Map<string, Map<string, Access>>();
  readonly #names = new Map<string, StatementName>();
  readonly #known = new WeakMap<Grant, StatementName>();
  #accesses = 0;
  #unrecorded = 0;

  record(call: Pick<ApiCall, 'service' | 'operation'>, roleArn: string, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      const access = this.#accessOf(call, roleArn, decision);
      if (access) this.#note(access, decision);
      else this.#unrecorded += 1;
    }
  }

  nameOf(grant: Grant): StatementName {
    const known = this.#known.get(grant);
    if (known !== undefined) return known;
    const { type, policy, statement } = grant;
    const key = JSON.stringify([type, policy, statement.source]);
    const name = this.#names.get(key) ?? this.#names.size;
    this.#names.set(key, name);
    this.#known.set(grant, name);
    return name;
  }

  of(roleArn: string): readonly Access[] {
    return [...(this.#byRole.get(roleArn)?.values() ?? [])];
  }

  /** Decisions that found no room. */
  get unrecorded(): number {
    return this.#unrecorded;
  }

  #accessOf(
    { service, operation }: Pick<ApiCall, 'service' | 'operation'>,
    roleArn: string,
    { request: { action }, ...decided }: Decision,
  ): Access | undefined {
    const known = this.#byRole.get(roleArn) ?? new Map<string, Access>();
    const key = [service, operation, action, this.#signatureOf(decided)].join('\n');
    const access = known.get(key);
    if (access) return access;
    if (this.#accesses >= MOST_ACCESSES) return undefined;
    const more: Access = {
      service,
      operation,
      action,
      ...decided,
      count: 0,
      resources: new Map(),
      others: 0,
      matched: new Map(),
    };
    this.#byRole.set(roleArn, known.set(key, more));
    this.#accesses += 1;
    return more;
  }

  #signatureOf({ granted, session, resource }: Omit<Decision, 'request'>): string {
    const names = (grants: readonly Grant[] | undefined) => grants?.map((grant) => this.nameOf(grant));
    return JSON.stringify([names(granted.identity), names(granted.boundary), session, resource]);
  }

  #note(access: Access, { request, granted }: Decision): void {
    access.count += 1;
    const seen = access.resources.get(request.resource);
    if (seen !== undefined || access.resources.size < MOST_RESOURCES)
      access.resources.set(request.resource, (seen ?? 0) + 1);
    else access.others += 1;
    for (const grant of [...granted.identity, ...(granted.boundary ?? [])]) {
      const name = this.nameOf(grant);
      const matched = access.matched.get(name) ?? new Set();
      access.matched.set(name, matched);
      noteMatches(matched, grant, request);
    }
  }
}

/** Only what no request has matched before is looked at. */
const noteMatches = (matched: Set<number>, { statement }: Grant, { resource, context }: Decision['request']): void => {
  const { patterns = [] } = statement.resources ?? {};
  if (matched.size === patterns.length) return;
  const resolve = variablesOf(context);
  patterns.forEach((pattern, index) => {
    if (!matched.has(index) && pattern.matches(resource, resolve)) matched.add(index);
  });
};
