import type { StageClock } from './common/clock.ts';
import { readAssembly } from './deploy/assembly.ts';
import { type DeployedStack, deployPlan, planAssembly } from './deploy/deploy.ts';
import { accountFor } from './deploy/environment.ts';
import type { Faults } from './faults/faults.ts';
import type { CallLog } from './gateway/call-log.ts';
import type { EventLog } from './observation/event-log.ts';
import type { MessageLog } from './observation/message-log.ts';
import { allOrNothing } from './stage/all-or-nothing.ts';
import type { Closers } from './stage/closers.ts';
import { createCore, type StageCore } from './stage/core.ts';
import type { LocalStageOptions } from './stage/options.ts';
import type { RedshiftControl } from './stage/redshift-control.ts';
import { createParts, startStores } from './stage/start-services.ts';
import { type RunningWarehouse, startWarehouse } from './stage/start-warehouse.ts';

interface Deployed extends RunningWarehouse {
  readonly stacks: Readonly<Record<string, DeployedStack>>;
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
  /** By stack name. */
  readonly stacks: Readonly<Record<string, DeployedStack>>;
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
  readonly #closers: Closers;

  private constructor(
    { account, clock, disturbances, gateway, closers }: StageCore,
    { postgres, redshift, stacks }: Deployed,
  ) {
    this.endpoint = gateway.endpoint;
    this.region = account.region;
    this.accountId = account.accountId;
    this.postgres = postgres;
    this.redshift = redshift;
    this.stacks = stacks;
    this.calls = gateway.calls;
    this.faults = disturbances.faults;
    this.seed = disturbances.faults.seed;
    this.events = disturbances.eventLog;
    this.messages = disturbances.messageLog;
    this.clock = clock;
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
    const core = createCore(accountFor(assembly), options);
    try {
      await core.gateway.listen(options.port);
      const parts = createParts(core);
      const plans = planAssembly(assembly, { account: core.account, parts });
      const create = async (signal: AbortSignal) => {
        await startStores(core, parts);
        return await deployPlan(plans, signal);
      };
      const deps = { events: parts.events, roles: core.identities };
      const warehouse = (signal: AbortSignal) => startWarehouse(core, deps, options, signal);
      const signal = options.signal ?? new AbortController().signal;
      const [stacks, running] = await allOrNothing([create, warehouse] as const, signal);
      return new LocalStage(core, { stacks, ...running });
    } catch (error) {
      await core.closers.close();
      throw error;
    }
  }

  /** Ends all that runs, at once, and removes what was made on disk. May be called more than once. */
  close(): Promise<void> {
    return this.#closers.close();
  }
}
