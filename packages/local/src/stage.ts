import type { Account } from './common/account.ts';
import { StageClock } from './common/clock.ts';
import { type Log, silentLog } from './common/log.ts';
import { readAssembly } from './deploy/assembly.ts';
import { type DeployedStack, deployPlan, planAssembly } from './deploy/deploy.ts';
import { accountFor } from './deploy/environment.ts';
import type { CallLog } from './gateway/call-log.ts';
import { Gateway } from './gateway/gateway.ts';
import { Identities } from './iam/identities.ts';
import { Warehouses } from './redshift-data/warehouses.ts';
import { allOrNothing } from './stage/all-or-nothing.ts';
import { Closers } from './stage/closers.ts';
import type { LocalStageOptions } from './stage/options.ts';
import { createParts, type StageCore, startStores } from './stage/start-services.ts';
import { startWarehouse } from './stage/start-warehouse.ts';

interface Deployed {
  readonly postgres: string;
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
  /** By stack name. */
  readonly stacks: Readonly<Record<string, DeployedStack>>;
  /** Every call that went through the endpoint, and those that the stage's parts made of each other. */
  readonly calls: CallLog;
  /** The stage's time; advancing it makes what waits fall due. */
  readonly clock: StageClock;
  readonly #closers: Closers;

  private constructor({ account, clock, gateway, closers }: StageCore, { postgres, stacks }: Deployed) {
    this.endpoint = gateway.endpoint;
    this.region = account.region;
    this.accountId = account.accountId;
    this.postgres = postgres;
    this.stacks = stacks;
    this.calls = gateway.calls;
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
      const warehouse = (signal: AbortSignal) => startWarehouse(core, parts.events, options.postgres, signal);
      const signal = options.signal ?? new AbortController().signal;
      const [stacks, postgres] = await allOrNothing([create, warehouse] as const, signal);
      return new LocalStage(core, { stacks, postgres });
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

const createCore = (account: Account, options: LocalStageOptions): StageCore => {
  const [closers, stores] = [new Closers(), new Closers()];
  const log = untilClosing(options.log ?? silentLog, closers);
  const clock = new StageClock();
  const identities = new Identities(account);
  const gateway = new Gateway({ account, clock, identities, log });
  // What works ends before what it works on, and the gateway between them.
  closers.add(() => clock.stop());
  closers.add(() => stores.close());
  closers.add(() => gateway.close());
  return { account, clock, identities, gateway, warehouses: new Warehouses(options.warehouses), log, closers, stores };
};

/** What breaks because the stage ends is not worth a line. */
const untilClosing = (log: Log, closers: Closers): Log => ({
  info: (...line) => (closers.isClosing ? undefined : log.info(...line)),
  warn: (...line) => (closers.isClosing ? undefined : log.warn(...line)),
});
