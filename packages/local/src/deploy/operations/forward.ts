import { DeploymentError, HalfMadeError, reasonOf } from '../deployment-error.ts';
import type { ResourcePlan } from '../plan-resource.ts';
import type { Ids } from '../resource.ts';
import { existing, type Stack, type StackResource } from '../stack.ts';
import type { StackPlanner } from '../stack-planner.ts';
import type { WantedResource } from '../wanted-resources.ts';
import { workThrough } from './graph.ts';

/** A resource that was touched, for the way back. */
export interface Step {
  /** As it was; undefined for one that is new. */
  readonly before: StackResource | undefined;
  /** As it is, or as it was to be when that failed. */
  readonly after: StackResource;
  /** Whether `after` is another resource than `before`, which is still there. */
  readonly isReplacement: boolean;
}

export interface Progress {
  /** In the order of time. */
  readonly steps: readonly Step[];
  /** All resources of the stack as they should be, each after those it needs. */
  readonly contents: ReadonlyMap<string, StackResource>;
  /** What went wrong first. */
  readonly error: DeploymentError | undefined;
}

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';
const CANCELLED = { create: 'Resource creation cancelled', update: 'Resource update cancelled' };

/** Makes, updates and replaces the resources of a stack, side by side as far as they do not need each other. The first failure stops it. */
export const goForward = async (stack: Stack, planner: StackPlanner, signal: AbortSignal): Promise<Progress> => {
  const forward = new Forward(stack, planner, signal);
  return await forward.run();
};

class Forward {
  readonly #stack: Stack;
  readonly #planner: StackPlanner;
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  readonly #steps: Step[] = [];
  readonly #made = new Map<string, StackResource>();

  constructor(stack: Stack, planner: StackPlanner, signal: AbortSignal) {
    this.#stack = stack;
    this.#planner = planner;
    this.#signal = AbortSignal.any([signal, this.#failed.signal]);
  }

  async run(): Promise<Progress> {
    const wanted = new Map(this.#planner.wanted().map((resource) => [resource.logicalId, resource]));
    const needs = new Map([...wanted].map(([logicalId, resource]) => [logicalId, resource.needs]));
    const [error] = await workThrough(needs, (logicalId) => this.#bring(wanted.get(logicalId) as WantedResource));
    const made = [...wanted.keys()].flatMap((logicalId) => this.#made.get(logicalId) ?? []);
    return {
      steps: this.#steps,
      contents: new Map(made.map((resource) => [resource.logicalId, resource])),
      error: error as DeploymentError | undefined,
    };
  }

  /** @throws DeploymentError naming the resource */
  async #bring(wanted: WantedResource): Promise<void> {
    this.#signal.throwIfAborted();
    const before = this.#stack.contents.get(wanted.logicalId);
    try {
      const plan = this.#plan(wanted);
      const ids = plan.change === 'none' && before ? before.ids : await this.#make(plan, before);
      this.#planner.know(wanted.logicalId, ids);
      this.#made.set(wanted.logicalId, { ...plan, ids });
    } catch (error) {
      const kind = before ? 'update' : 'create';
      const reason = this.#failed.signal.aborted ? CANCELLED[kind] : reasonOf(error);
      this.#failed.abort();
      this.#stack.record({ ...wanted, ids: before?.ids }, before ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason);
      throw new DeploymentError(`${wanted.where}: ${reason}`, { cause: error });
    }
  }

  /** What was open when the assembly was checked is known by now, and may turn out to be wrong. */
  #plan(wanted: WantedResource): ResourcePlan {
    const refusals: string[] = [];
    const plan = this.#planner.plan(wanted, (reason) => void refusals.push(reason));
    if (!plan || refusals.length > 0) throw new Error(refusals.join('; '));
    return plan;
  }

  async #make(plan: ResourcePlan, before: StackResource | undefined): Promise<Ids> {
    const isNew = plan.change !== 'update' || !before;
    const verb = before ? 'UPDATE' : 'CREATE';
    this.#stack.record({ ...plan, ids: before?.ids }, `${verb}_IN_PROGRESS`, before && isNew ? REPLACING : undefined);
    if (isNew) this.#planner.begin(plan);
    const planned = { physicalId: plan.planned.physicalId, attributes: plan.planned.attributes };
    try {
      const made = await (isNew
        ? plan.planned.create(this.#signal)
        : plan.planned.update(existing(before), this.#signal));
      const ids = made ?? planned;
      const isReplacement = before !== undefined && ids.physicalId !== before.ids.physicalId;
      this.#steps.push({ before, after: { ...plan, ids }, isReplacement });
      this.#stack.record({ ...plan, ids }, `${verb}_COMPLETE`);
      return ids;
    } catch (error) {
      if (!isNew) this.#steps.push({ before, after: { ...plan, ids: before.ids }, isReplacement: false });
      else if (error instanceof HalfMadeError) {
        const ids = { physicalId: error.physicalId, attributes: {} };
        this.#steps.push({ before, after: { ...plan, ids }, isReplacement: before !== undefined });
      }
      throw error;
    }
  }
}
