import type { Account } from '../common/account.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { StackArtifact } from './assembly.ts';
import { DeploymentError } from './deployment-error.ts';
import { Generations } from './generations.ts';
import { deleteStack } from './operations/delete-stack.ts';
import { updateStack } from './operations/update-stack.ts';
import { identityOf, planAssembly } from './plan-assembly.ts';
import type { StackPlan } from './plan-stack.ts';
import { stackIdOf } from './pseudo-parameters.ts';
import { type DeployedStack, Stack, type StackResource } from './stack.ts';
import { type PlanningContext, StackPlanner } from './stack-planner.ts';
import type { StageParts } from './stage-parts.ts';

export interface StacksDeps {
  readonly account: Account;
  readonly parts: StageParts;
  readonly clock: Clock;
  readonly log: Log;
}

/** A checked assembly, ready to be deployed. */
export interface AssemblyPlan {
  readonly plans: readonly StackPlan[];
  readonly context: PlanningContext;
}

/** All stacks of a stage. One thing is done to them at a time; what comes meanwhile waits. */
export class Stacks {
  readonly #deps: StacksDeps;
  readonly #stacks = new Map<string, Stack>();
  readonly #retained = new Set<string>();
  readonly #generations = new Generations();
  readonly #closing = new AbortController();
  #work: Promise<unknown> = Promise.resolve();
  #underWay: AbortController | undefined;

  constructor(deps: StacksDeps) {
    this.#deps = deps;
  }

  /** As they are now, by name. */
  get all(): Readonly<Record<string, DeployedStack>> {
    return Object.fromEntries([...this.#stacks].map(([name, stack]) => [name, stack.described]));
  }

  get haveCustomResources(): boolean {
    return [...this.#stacks.values()].some(({ contents }) =>
      [...contents.values()].some(({ planned }) => planned.isOpen),
    );
  }

  /** @throws RefusedAssemblyError with everything that stands in the way */
  plan(assembly: readonly StackArtifact[]): AssemblyPlan {
    const { account, parts } = this.#deps;
    const context = { account, parts, managedPolicies: new Map(), generations: this.#generations };
    return { plans: planAssembly(assembly, context, { stacks: this.#stacks, retained: this.#retained }), context };
  }

  /**
   * Brings the stacks to where a plan that was just made wants them, one after the other. The first stack that fails ends it, rolled back;
   * those before it stay as they have become.
   *
   * @param signal gives up where things stand
   * @throws DeploymentError
   */
  carryOut(plan: AssemblyPlan, signal?: AbortSignal): Promise<void> {
    return this.#inTurn((either) => this.#carryOut(plan, either), signal);
  }

  /**
   * @param read called when it is this update's turn
   * @param options.keepOthers leaves stacks alone that the assembly does not have
   * @throws what `read` throws, RefusedAssemblyError (nothing was changed), DeploymentError
   */
  update(read: () => readonly StackArtifact[], { keepOthers = false } = {}): Promise<void> {
    return this.#inTurn(async (signal) => {
      const plan = this.plan(read());
      await this.#carryOut(plan, signal);
      if (!keepOthers) await this.#deleteOthers(plan, signal);
    });
  }

  /** @throws DeploymentError naming what is left, or who needs the stack */
  delete(name: string): Promise<void> {
    return this.#inTurn(async (signal) => {
      const stack = this.#stacks.get(name);
      if (!stack) throw new DeploymentError(`Stack with id ${name} does not exist`);
      await this.#delete(stack, signal);
    });
  }

  /**
   * Deletes every stack, each before those that it depends on; what cannot be deleted does not keep the others. What is under way is given up
   * for that.
   *
   * @throws DeploymentError naming what is left of the first that could not be deleted
   */
  deleteAll(signal?: AbortSignal): Promise<void> {
    this.#underWay?.abort(new Error('The stage is ending.'));
    return this.#inTurn(async (either) => {
      const errors: unknown[] = [];
      for (const stack of [...this.#stacks.values()].reverse())
        await this.#delete(stack, either).catch((error: unknown) => errors.push(error));
      either.throwIfAborted();
      if (errors.length > 0) throw errors[0];
    }, signal);
  }

  /** Gives up what is under way, and waits until it has. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The stage is ending.'));
    await this.#work;
  }

  async #carryOut({ plans, context }: AssemblyPlan, signal: AbortSignal): Promise<void> {
    for (const plan of plans) if (plan.isChanged) await this.#deploy(plan, context, signal);
  }

  async #deleteOthers({ plans }: AssemblyPlan, signal: AbortSignal): Promise<void> {
    const wanted = new Set(plans.map(({ stackName }) => stackName));
    const missing = [...this.#stacks.values()].filter(({ name }) => !wanted.has(name)).reverse();
    for (const stack of missing) await this.#delete(stack, signal);
  }

  async #deploy({ stackName, artifact }: StackPlan, context: PlanningContext, signal: AbortSignal): Promise<void> {
    const stack = this.#stacks.get(stackName) ?? this.#newStack(stackName);
    this.#stacks.set(stackName, stack);
    const exports = new Map([...this.#stacks.values()].flatMap((each) => [...each.exports]));
    const refuse = (reason: string) => {
      throw new DeploymentError(`${stackName}: ${reason}`);
    };
    const planner = new StackPlanner(artifact, stack.isDeployed ? stack : undefined, context, { exports, refuse });
    await updateStack(stack, planner, { signal, retain: this.#retain });
  }

  async #delete(stack: Stack, signal: AbortSignal): Promise<void> {
    refuseIfUsed(stack, [...this.#stacks.values()]);
    await deleteStack({ stack, signal, retain: this.#retain });
    this.#stacks.delete(stack.name);
  }

  readonly #retain = ({ type, ids }: StackResource): void => void this.#retained.add(identityOf(type, ids.physicalId));

  #newStack(name: string): Stack {
    return new Stack({ name, id: stackIdOf(this.#deps.account, name) }, this.#deps);
  }

  #inTurn<T>(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#work.then(async () => {
      const underWay = new AbortController();
      this.#underWay = underWay;
      const any = AbortSignal.any([underWay.signal, this.#closing.signal, ...(signal ? [signal] : [])]);
      any.throwIfAborted();
      return await work(any);
    });
    this.#work = turn.catch(() => undefined);
    return turn;
  }
}

const refuseIfUsed = (stack: Stack, all: readonly Stack[]): void => {
  for (const name of stack.exports.keys()) {
    const user = all.find((other) => other !== stack && other.imports.has(name));
    if (user)
      throw new DeploymentError(`${stack.name}: Export ${name} cannot be deleted as it is in use by ${user.name}`);
  }
};
