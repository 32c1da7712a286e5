import type { Account } from './common/account.ts';
import type { StageClock } from './common/clock.ts';
import type { Log } from './common/log.ts';
import type { BusEvent } from './common/ports.ts';
import type { Fault } from './faults/fault.ts';
import type { Faults } from './faults/faults.ts';
import type { CallLog } from './gateway/call-log.ts';
import { anyRole } from './iam/any-role.ts';
import type { Warehouse } from './redshift-data/warehouses.ts';
import { allOrNothing } from './stage/all-or-nothing.ts';
import type { Closers } from './stage/closers.ts';
import { createCore, type StageCore } from './stage/core.ts';
import type { RedshiftControl } from './stage/redshift-control.ts';
import { type RunningWarehouse, startWarehouse } from './stage/start-warehouse.ts';

export interface RedshiftStageOptions {
  /** @default any free one */
  readonly port?: number;
  /** @default a server is started, and removed in the end */
  readonly postgres?: string;
  /** @default every name exists */
  readonly warehouses?: readonly Warehouse[];
  /**
   * Throttles calls at AWS's rates for an account.
   *
   * @default false
   */
  readonly limitCallRates?: boolean;
  /**
   * What is to go wrong from the start.
   *
   * @default nothing
   */
  readonly faults?: readonly Fault[];
  /**
   * Decides what faults leave to chance.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * Given the completion event of each statement that was started `WithEvent`, as it would come to EventBridge.
   *
   * @default nobody gets them
   */
  readonly onEvent?: (event: BusEvent) => void;
  /** @default nothing is logged */
  readonly log?: Log;
  /** Gives up starting when aborted. */
  readonly signal?: AbortSignal;
}

const ACCOUNT: Account = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' };

/** The Redshift Data API alone, with the S3 that COPY and UNLOAD need. */
export class RedshiftStage {
  readonly endpoint: string;
  readonly region = ACCOUNT.region;
  readonly accountId = ACCOUNT.accountId;
  /** Superuser's URL of the PostgreSQL behind the warehouses; holds its password. */
  readonly postgres: string;
  /** Decides what becomes of SQL that PostgreSQL is not to see. */
  readonly redshift: RedshiftControl;
  /** Every call that went through the endpoint. */
  readonly calls: CallLog;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** Decides what faults leave to chance. */
  readonly seed: number;
  /** The time of statements; advancing it makes what waits fall due. */
  readonly clock: StageClock;
  readonly #closers: Closers;

  private constructor({ clock, disturbances, gateway, closers }: StageCore, { postgres, redshift }: RunningWarehouse) {
    this.endpoint = gateway.endpoint;
    this.postgres = postgres;
    this.redshift = redshift;
    this.calls = gateway.calls;
    this.faults = disturbances.faults;
    this.seed = disturbances.faults.seed;
    this.clock = clock;
    this.#closers = closers;
  }

  /**
   * Whatever goes wrong, nothing that was started is left.
   *
   * @throws PostgresError when there is no PostgreSQL to be had
   */
  static async start(options: RedshiftStageOptions = {}): Promise<RedshiftStage> {
    const core = createCore(ACCOUNT, options);
    // It may stand beside another endpoint, whose functions come with the keys of their roles.
    core.identities.takeKeysOfOthers();
    try {
      // What waits because of a fault would keep the rest from ending.
      core.closers.add(() => core.disturbances.callFaults.close());
      await core.gateway.listen(options.port);
      const { onEvent = () => undefined } = options;
      const deps = { events: { put: onEvent }, roles: anyRole(core.identities) };
      const warehouse = (signal: AbortSignal) => startWarehouse(core, deps, options, signal);
      const signal = options.signal ?? new AbortController().signal;
      const [running] = await allOrNothing([warehouse, () => startS3(core)] as const, signal);
      return new RedshiftStage(core, running);
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

const startS3 = async ({ account, gateway, stores }: StageCore): Promise<void> => {
  // Loads while PostgreSQL starts, in processes of its own.
  const { startSqsAndS3 } = await import('./services/sqs-and-s3.ts');
  const storage = await startSqsAndS3(account, { endpoint: () => gateway.endpoint });
  stores.add(() => storage.close());
  gateway.register(storage.s3);
};
