import type { Account } from '../common/account.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { EventSink, RoleAssumer } from '../common/ports.ts';
import type { Service } from '../common/service.ts';
import type { SecretDirectory } from '../services/secrets.ts';
import { RedshiftDataService } from './redshift-data-service.ts';
import type { Scripts } from './scripts/scripts.ts';
import type { StatementRecord } from './statement-record.ts';
import type { Warehouses } from './warehouses.ts';

export { type Warehouse, Warehouses, warehouseArn, workgroupId } from './warehouses.ts';

export interface RedshiftDataDeps {
  readonly account: Account;
  /** Times of statements, and when results and client tokens expire. */
  readonly clock: Clock;
  /** Gets the completion events. */
  readonly events: EventSink;
  /** The URL of a superuser; databases and roles are made on that server, and removed at `close`. */
  readonly postgres: { readonly url: string };
  readonly warehouses: Warehouses;
  /** Read in the names of callers who name one. */
  readonly secrets: SecretDirectory;
  /** For the role that a COPY names. */
  readonly roles: RoleAssumer;
  /** The gateway, where COPY finds S3. */
  readonly endpoint: () => string;
  /**
   * Whether calls beyond AWS's rates are throttled: as `ThrottlingException`, or, where they name a workgroup, as a
   * `ValidationException` that quotes one.
   *
   * @default false: AWS counts by account, and a stage stands in for the accounts of all that test on it at once
   */
  readonly limitCallRates?: boolean;
  readonly log: Log;
}

/** The Redshift Data API, on a real PostgreSQL. */
export interface RedshiftData extends Service {
  /** What becomes of statements that are not to reach PostgreSQL. */
  readonly scripts: Scripts;
  /** What it has taken, in that order, until it expires a day after its end. */
  statements(): readonly StatementRecord[];
  /** Cancels what runs, without events, and removes from the server what was made on it. */
  close(): Promise<void>;
}

export const createRedshiftData = (deps: RedshiftDataDeps): RedshiftData => new RedshiftDataService(deps);
