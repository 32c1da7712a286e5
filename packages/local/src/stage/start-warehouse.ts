import type { EventSink, RoleAssumer } from '../common/ports.ts';
import { scriptsResource } from '../redshift-data/scripts/scripts-resource.ts';
import { statementsResource } from '../redshift-data/statement-record.ts';
import { startEmbeddedPostgres, usePostgres } from '../services/postgres.ts';
import type { StageCore } from './core.ts';
import { type RedshiftControl, redshiftControl } from './redshift-control.ts';

export interface WarehouseDeps {
  /** Gets the completion events. */
  readonly events: EventSink;
  /** For the roles that COPY and UNLOAD name. */
  readonly roles: RoleAssumer;
}

export interface WarehouseOptions {
  /** URL of a server to use instead of starting one. */
  readonly postgres?: string;
  readonly limitCallRates?: boolean;
}

export interface RunningWarehouse {
  /** The server's URL. */
  readonly postgres: string;
  readonly redshift: RedshiftControl;
}

/** The PostgreSQL behind every warehouse, and the Data API in front of it. */
export const startWarehouse = async (
  core: StageCore,
  deps: WarehouseDeps,
  { postgres: url, limitCallRates = false }: WarehouseOptions,
  signal: AbortSignal,
): Promise<RunningWarehouse> => {
  const { gateway, log, stores } = core;
  // Loads while PostgreSQL starts, in processes of its own.
  const loading = import('../redshift-data/index.ts');
  loading.catch(() => undefined);
  const postgres = await (url === undefined ? startEmbeddedPostgres(log, { signal }) : usePostgres(url, { signal }));
  stores.add(() => postgres.close());
  const endpoint = () => gateway.endpoint;
  const { createRedshiftData } = await loading;
  const redshiftData = createRedshiftData({ ...core, ...deps, limitCallRates, postgres, endpoint });
  stores.add(() => redshiftData.close());
  gateway.register(redshiftData);
  gateway.stagePaths.reserve('redshift/scripts', scriptsResource(redshiftData.scripts));
  const redshift = redshiftControl(redshiftData);
  gateway.stagePaths.reserve(
    'redshift/statements',
    statementsResource(() => redshift.statements()),
  );
  return { postgres: postgres.url, redshift };
};
