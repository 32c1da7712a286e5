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
  /** Per statement's key, which of its resource patterns a request has matched. */
  readonly matched: Map<string, Set<number>>;
}

/** What is alike is counted, so that its number depends on policies and operations, not on calls; this bounds what a client invents. */
const MOST_ACCESSES = 20_000;
const MOST_RESOURCES = 100;

/** By what a statement is known, also when its policy is put again. */
export const keyOf = ({ type, policy, statement }: Grant): string => `${type}\n${policy}\n${statement.source}`;

/**
 * What the sessions of roles were allowed and denied since the start. Which statements decided is kept with it: what would be denied without one
 * of them follows without evaluating anything again.
 */
export class AccessLog {
  readonly #byRole = new Map<string, Map<string, Access>>();
  /** A short name for each statement. */
  readonly #names = new Map<string, number>();
  #accesses = 0;
  #unrecorded = 0;

  record(call: Pick<ApiCall, 'service' | 'operation'>, roleArn: string, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      const access = this.#accessOf(call, roleArn, decision);
      if (access) note(access, decision);
      else this.#unrecorded += 1;
    }
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
    const key = [service, operation, action, this.#nameOf(decided)].join('\n');
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

  #nameOf({ granted, session, resource }: Omit<Decision, 'request'>): string {
    const names = (grants: readonly Grant[] | undefined) => grants?.map((grant) => this.#nameOfStatement(grant));
    return JSON.stringify([names(granted.identity), names(granted.boundary), session, resource]);
  }

  #nameOfStatement(grant: Grant): number {
    const key = keyOf(grant);
    const name = this.#names.get(key) ?? this.#names.size;
    this.#names.set(key, name);
    return name;
  }
}

const note = (access: Access, { request, granted }: Decision): void => {
  access.count += 1;
  const seen = access.resources.get(request.resource);
  if (seen !== undefined || access.resources.size < MOST_RESOURCES)
    access.resources.set(request.resource, (seen ?? 0) + 1);
  else access.others += 1;
  for (const grant of [...granted.identity, ...(granted.boundary ?? [])]) noteMatches(access, grant, request);
};

/** Only what no request has matched before is looked at. */
const noteMatches = (access: Access, grant: Grant, { resource, context }: Decision['request']): void => {
  const { patterns = [] } = grant.statement.resources ?? {};
  const key = keyOf(grant);
  const matched = access.matched.get(key) ?? new Set();
  if (matched.size === patterns.length) return;
  access.matched.set(key, matched);
  const resolve = variablesOf(context);
  patterns.forEach((pattern, index) => {
    if (!matched.has(index) && pattern.matches(resource, resolve)) matched.add(index);
  });
};
