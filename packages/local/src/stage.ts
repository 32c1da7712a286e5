import type { Account } from './common/account.ts';
import type { StageClock } from './common/clock.ts';
import { readAssembly } from './deploy/assembly.ts';
import { accountFor, refuseOther } from './deploy/environment.ts';
import type { DeployedStack } from './deploy/stack.ts';
import { Stacks } from './deploy/stacks.ts';
import type { Disturbances } from './faults/disturbances.ts';
import type { Faults } from './faults/faults.ts';
import type { CallLog } from './gateway/call-log.ts';
import { type IamReport, iamReport } from './iam/iam-report.ts';
import type { Identities } from './iam/identities.ts';
import type { DurableCallbacks, Lambda } from './lambda/index.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { EventLog } from './observation/event-log.ts';
import type { MessageLog } from './observation/message-log.ts';
import { allOrNothing } from './stage/all-or-nothing.ts';
import type { Closers } from './stage/closers.ts';
import { createCore, type StageCore } from './stage/core.ts';
import { firstFaults } from './stage/first-faults.ts';
import type { LocalStageOptions } from './stage/options.ts';
import type { RedshiftControl } from './stage/redshift-control.ts';
import { createParts, startStores } from './stage/start-services.ts';
import { type RunningWarehouse, startWarehouse } from './stage/start-warehouse.ts';

export interface CloseOptions {
  /** @default false */
  readonly teardown?: boolean;
  readonly signal?: AbortSignal;
}

export interface UpdateOptions {
  /**
   * Leave stacks alone that the assembly does not have.
   *
   * @default false: they are deleted
   */
  readonly keepOthers?: boolean;
}

interface Deployed extends RunningWarehouse {
  readonly stacks: Stacks;
  readonly lambda: Lambda;
}

/** A cloud assembly, deployed to this machine and served on one endpoint. */
export class LocalStage {
  /** Where every AWS client is pointed, `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  /** Superuser's URL of the PostgreSQL behind the warehouses; holds its password. */
  readonly postgres: string;
  /** Decides what becomes of SQL that PostgreSQL is not to see. */
  readonly redshift: RedshiftControl;
  /** Every call that went through the endpoint, and those that the stage's parts made of each other. */
  readonly calls: CallLog;
  /** Every event that came to the bus, and what became of it at each target. */
  readonly events: EventLog;
  /** Every message that consumers received and deleted. */
  readonly messages: MessageLog;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Decides what faults leave to chance. */
  readonly seed: number;
  /** The stage's time; advancing it makes what waits fall due. */
  readonly clock: StageClock;
  /** What functions published in the embedded metric format, and what Lambda counts itself. */
  readonly metrics: Metrics;
  /** Callbacks of durable functions, none of which the stage runs: a test serves its own. */
  readonly durableCallbacks: DurableCallbacks;
  readonly #disturbances: Disturbances;
  readonly #account: Account;
  readonly #identities: Identities;
  readonly #stacks: Stacks;
  readonly #lambda: Lambda;
  readonly #closers: Closers;

  private constructor(
    { account, identities, clock, disturbances, gateway, metrics, closers }: StageCore,
    { postgres, redshift, stacks, lambda }: Deployed,
  ) {
    this.endpoint = gateway.endpoint;
    this.region = account.region;
    this.accountId = account.accountId;
    this.postgres = postgres;
    this.redshift = redshift;
    this.calls = gateway.calls;
    this.faults = disturbances.faults;
    this.seed = disturbances.faults.seed;
    this.events = disturbances.eventLog;
    this.messages = disturbances.messageLog;
    this.#disturbances = disturbances;
    this.clock = clock;
    this.metrics = metrics;
    this.durableCallbacks = lambda.durableCallbacks;
    this.#account = account;
    this.#identities = identities;
    this.#stacks = stacks;
    this.#lambda = lambda;
    this.#closers = closers;
  }

  /**
   * Deploys every stack of a synthesized cloud assembly (`cdk.out`). Whatever goes wrong, nothing that was started is left.
   *
   * @throws AssemblyError when there is no assembly, or none that can be deployed
   * @throws RefusedAssemblyError naming everything that the stage does not know; nothing was created
   * @throws DeploymentError when a resource could not be created
   * @throws PostgresError when there is no PostgreSQL to be had
   */
  static async deploy(assemblyDirectory: string, options: LocalStageOptions = {}): Promise<LocalStage> {
    const assembly = readAssembly(assemblyDirectory);
    const core = createCore(accountFor(assembly), { ...options, faults: firstFaults(options) });
    try {
      await core.gateway.listen(options.port);
      const parts = createParts(core, options);
      const stacks = new Stacks({ ...core, parts });
      core.closers.add(() => stacks.close());
      // What waits because of a fault would keep stacks and parts from ending.
      core.closers.add(() => core.disturbances.callFaults.close());
      const plan = stacks.plan(assembly);
      const create = async (signal: AbortSignal) => {
        await startStores(core, parts);
        await stacks.carryOut(plan, signal);
      };
      const warehouse = async (signal: AbortSignal) => {
        const running = await startWarehouse(core, { events: parts.events, roles: core.identities }, options, signal);
        // What custom resources do may need all of the stage.
        parts.customResources.open();
        return running;
      };
      const signal = options.signal ?? new AbortController().signal;
      const [, running] = await allOrNothing([create, warehouse] as const, signal);
      return new LocalStage(core, { stacks, lambda: parts.lambda, ...running });
    } catch (error) {
      await core.closers.close();
      throw error;
    }
  }

  /** What is deployed, by stack name. */
  get stacks(): Readonly<Record<string, DeployedStack>> {
    return this.#stacks.all;
  }

  /** Whether something may have been made elsewhere that only a teardown undoes. */
  get hasCustomResources(): boolean {
    return this.#stacks.haveCustomResources;
  }

  /**
   * Brings the stage to what an assembly wants, as CloudFormation does: what has changed is updated in place or replaced, new stacks are
   * created, and stacks that it does not have are deleted, unless the options say otherwise. All else goes on: data, queues, executions,
   * statements. Updates take turns.
   *
   * @throws AssemblyError when there is no assembly, or one of another account or region; RefusedAssemblyError: nothing was changed
   * @throws DeploymentError when a resource could not be brought there: its stack has been rolled back, stacks before it are updated
   */
  async update(assemblyDirectory: string, options: UpdateOptions = {}): Promise<void> {
    const read = () => {
      const assembly = readAssembly(assemblyDirectory);
      refuseOther(this.#account, accountFor(assembly, this.#account));
      return assembly;
    };
    await this.#stacks.update(read, options);
  }

  /**
   * Deletes a stack and what it holds, in order, as CloudFormation does.
   *
   * @throws DeploymentError naming what could not be deleted, or the stack that uses its exports
   */
  async deleteStack(name: string): Promise<void> {
    await this.#stacks.delete(name);
  }

  /**
   * Makes what consumers hold of a queue visible again, as if the visibility timeout of all of it were over: SQS keeps wall time.
   *
   * @param queue name or URL
   * @returns how many messages that were
   */
  makeVisible(queue: string): Promise<number> {
    return this.#disturbances.makeVisible(queue);
  }

  /**
   * What the roles were granted, and what the calls so far needed of it: statements that none used, and, for each statement, the calls that
   * would be denied without it.
   */
  iamReport(): IamReport {
    return iamReport(this.#identities);
  }

  /**
   * Resolves when no function runs. A jump of the clock ends what runs past its deadline; a test that means to jump beyond the waiting
   * alone awaits this first.
   */
  functionsAtRest(): Promise<void> {
    return this.#lambda.atRest();
  }

  /**
   * Ends all that runs, at once, and removes what was made on disk. May be called more than once.
   *
   * @param options.teardown first deletes every stack in order, so that custom resources get to undo what they did elsewhere; rejects
   * with a DeploymentError, in the end, when something could not be deleted
   * @param options.signal gives up the teardown
   */
  async close({ teardown = false, signal }: CloseOptions = {}): Promise<void> {
    try {
      if (teardown && !this.#closers.isClosing) await this.#stacks.deleteAll(signal);
    } finally {
      await this.#closers.close();
    }
  }
}
