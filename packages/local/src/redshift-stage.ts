import type { Account } from './common/account.ts';
import type { Log } from './common/log.ts';
import { anyRole } from './iam/any-role.ts';
import type { Warehouse } from './redshift-data/warehouses.ts';
import { startSqsAndS3 } from './services/sqs-and-s3.ts';
import { allOrNothing } from './stage/all-or-nothing.ts';
import type { Closers } from './stage/closers.ts';
import { createCore, type StageCore } from './stage/core.ts';
import { startWarehouse } from './stage/start-warehouse.ts';

export interface RedshiftStageOptions {
  /** @default any free one */
  readonly port?: number;
  /** @default a server is started, and removed in the end */
  readonly postgres?: string;
  /** @default every name exists */
  readonly warehouses?: readonly Warehouse[];
  /** @default nothing is logged */
  readonly log?: Log;
  /** Gives up starting when aborted. */
  readonly signal?: AbortSignal;
}

const ACCOUNT: Account = { accountId: '000000000000', region: 'us-east-1', partition: 'aws' };

/** The Redshift Data API alone, with the S3 that COPY and UNLOAD need; nobody gets its completion events. */
export class RedshiftStage {
  readonly endpoint: string;
  readonly region = ACCOUNT.region;
  readonly accountId = ACCOUNT.accountId;
  /** Superuser's URL of the PostgreSQL behind the warehouses; holds its password. */
  readonly postgres: string;
  readonly #closers: Closers;

  private constructor({ gateway, closers }: StageCore, postgres: string) {
    this.endpoint = gateway.endpoint;
    this.postgres = postgres;
    this.#closers = closers;
  }

  /**
   * Whatever goes wrong, nothing that was started is left.
   *
   * @throws PostgresError when there is no PostgreSQL to be had
   */
  static async start(options: RedshiftStageOptions = {}): Promise<RedshiftStage> {
    const core = createCore(ACCOUNT, options);
    try {
      await core.gateway.listen(options.port);
      const deps = { events: { put: () => undefined }, roles: anyRole(core.identities) };
      const warehouse = (signal: AbortSignal) => startWarehouse(core, deps, options, signal);
      const signal = options.signal ?? new AbortController().signal;
      const [{ postgres }] = await allOrNothing([warehouse, () => startS3(core)] as const, signal);
      return new RedshiftStage(core, postgres);
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
  const storage = await startSqsAndS3(account, { endpoint: () => gateway.endpoint });
  stores.add(() => storage.close());
  gateway.register(storage.s3);
};
