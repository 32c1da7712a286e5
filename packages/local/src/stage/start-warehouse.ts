import type { EventBus } from '../event-bridge/index.ts';
import { createRedshiftData } from '../redshift-data/index.ts';
import { type PostgresServer, startEmbeddedPostgres, usePostgres } from '../services/postgres.ts';
import type { StageCore } from './start-services.ts';

/**
 * The PostgreSQL behind every warehouse, and the Data API in front of it.
 *
 * @param url of a server to use instead of starting one
 * @returns the server's URL
 */
export const startWarehouse = async (
  core: StageCore,
  events: EventBus,
  url: string | undefined,
  signal: AbortSignal,
): Promise<string> => {
  const { account, clock, identities, gateway, warehouses, log, stores } = core;
  const postgres: PostgresServer = await (url === undefined
    ? startEmbeddedPostgres(log, { signal })
    : usePostgres(url));
  stores.add(() => postgres.close());
  const endpoint = () => gateway.endpoint;
  const redshiftData = createRedshiftData({
    account,
    clock,
    events,
    postgres,
    warehouses,
    roles: identities,
    endpoint,
    log,
  });
  stores.add(() => redshiftData.close());
  gateway.register(redshiftData);
  return postgres.url;
};
