import type { Account } from '../common/account.ts';
import type { PolicyDocument } from '../common/service.ts';
import type { StackArtifact } from './assembly.ts';
import type { Generations } from './generations.ts';
import { type StackOutputs, stackOutputs } from './outputs.ts';
import { planResource, type ResourcePlan } from './plan-resource.ts';
import type { Ids } from './resource.ts';
import type { Stack } from './stack.ts';
import { StackScope } from './stack-scope.ts';
import type { StageParts } from './stage-parts.ts';
import { type WantedResource, wantedResources } from './wanted-resources.ts';

/** What every stack of a stage is planned with. */
export interface PlanningContext {
  readonly account: Account;
  readonly parts: StageParts;
  /** Customer managed policies planned so far, by ARN. */
  readonly managedPolicies: Map<string, PolicyDocument>;
  /** What new resources get their names by. */
  readonly generations: Generations;
}

/** Plans the resources of a stack, one after the other, each with what has become known of those before. */
export class StackPlanner {
  readonly #stack: StackArtifact;
  readonly #before: Stack | undefined;
  readonly #context: PlanningContext;
  readonly #scope: StackScope;

  /**
   * @param before the stack as it is
   * @param exports of the stacks before this one
   * @param refuse takes what is wrong with the template as a whole
   */
  constructor(
    stack: StackArtifact,
    before: Stack | undefined,
    context: PlanningContext,
    { exports, refuse }: { exports: ReadonlyMap<string, unknown>; refuse: (reason: string) => void },
  ) {
    this.#stack = stack;
    this.#before = before;
    this.#context = context;
    this.#scope = new StackScope(stack, { account: context.account, exports, refuse });
  }

  /** @throws CycleError, TemplateError */
  wanted(): readonly WantedResource[] {
    return wantedResources(this.#stack, this.#scope.condition);
  }

  /** What the resource will be, as far as that is known; undefined when its type is not known. */
  plan(wanted: WantedResource, refuse: (reason: string) => void): ResourcePlan | undefined {
    const { stackName, assets } = this.#stack;
    const { logicalId } = wanted;
    return planResource(wanted, {
      stackName,
      scope: this.#scope,
      context: { ...this.#context, assets },
      refuse,
      before: this.#before?.contents.get(logicalId),
      nextGeneration: this.#context.generations.next(stackName, logicalId),
    });
  }

  /** To be told when a new resource is about to be made, or tried to. */
  begin({ logicalId, generation }: ResourcePlan): void {
    this.#context.generations.use(this.#stack.stackName, logicalId, generation);
  }

  /** @param ids undefined as long as nobody knows them */
  know(logicalId: string, ids: Ids | undefined): void {
    this.#scope.addResource(logicalId, ids);
  }

  /** To be asked for when everything else is known. */
  outputs(refuse: (output: string, reason: string) => void): StackOutputs {
    return stackOutputs(this.#stack.template, this.#scope, refuse);
  }

  /** Names of the exports that have been asked for. */
  get imports(): ReadonlySet<string> {
    return this.#scope.imports;
  }
}
