import {
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetStatementResultCommand,
  type GetStatementResultCommandOutput,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { inject, vi } from 'vitest';
import { silentLog } from '../../src/common/log.ts';
import type { BusEvent, Credentials, EventSink } from '../../src/common/ports.ts';
import {
  createRedshiftData,
  type RedshiftDataDeps,
  type Warehouse,
  Warehouses,
} from '../../src/redshift-data/index.ts';
import type { Scripts } from '../../src/redshift-data/scripts/scripts.ts';
import { scriptsResource } from '../../src/redshift-data/scripts/scripts-resource.ts';
import type { PostgresServer } from '../../src/services/postgres.ts';
import { Secrets } from '../../src/services/secrets.ts';
import { startSqsAndS3 } from '../../src/services/sqs-and-s3.ts';
import { account, startGateway, type TestGateway } from './gateway.ts';

/** Keeps completion events, and lets tests wait for one. */
export class EventSpy implements EventSink {
  readonly events: BusEvent[] = [];
  #waiting: (() => void)[] = [];

  put(event: BusEvent): void {
    this.events.push(event);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  of(id: string): BusEvent[] {
    return this.events.filter(({ detail }) => detail.statementId === id);
  }

  async ended(id: string): Promise<BusEvent> {
    for (;;) {
      const event = this.of(id)[0];
      if (event) return event;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

export const TARGET = { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl' };

type Options = Partial<ExecuteStatementCommandInput>;

export interface TestRedshift {
  readonly stage: TestGateway;
  readonly events: EventSpy;
  readonly client: RedshiftDataClient;
  readonly scripts: Scripts;
  readonly secrets: Secrets;
  clientOf(credentials: Credentials): RedshiftDataClient;
  /** Starts a statement, with an event; its id. */
  start(sql: string, options?: Options): Promise<string>;
  describe(id: string): Promise<DescribeStatementCommandOutput>;
  /** Runs a statement to its end. */
  run(sql: string, options?: Options): Promise<DescribeStatementCommandOutput>;
  /** Runs a statement and reads the first page of its result. */
  query(sql: string, options?: Options): Promise<GetStatementResultCommandOutput>;
  waitFor(id: string, status: string): Promise<DescribeStatementCommandOutput>;
  /** Ends the Data API; the gateway goes on. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** A Data API on the given server, behind a gateway of its own with S3. */
export const startRedshiftOn = async (
  postgres: Pick<PostgresServer, 'url'>,
  warehouses: readonly Warehouse[] = [],
  options: Pick<RedshiftDataDeps, 'limitCallRates'> = {},
): Promise<TestRedshift> => {
  const endpoint = () => stage.endpoint;
  const storage = await startSqsAndS3(account, { endpoint });
  const stage: TestGateway = await startGateway(storage.s3);
  const events = new EventSpy();
  const { clock, identities: roles } = stage;
  const known = new Warehouses(warehouses);
  const secrets = new Secrets({ account, clock });
  const service = createRedshiftData({
    account,
    clock,
    events,
    postgres,
    warehouses: known,
    secrets,
    roles,
    endpoint,
    log: silentLog,
    ...options,
  });
  stage.gateway.register(service);
  stage.gateway.stagePaths.reserve('redshift/scripts', scriptsResource(service.scripts));
  const client = new RedshiftDataClient(stage.client());
  const start = async (Sql: string, options: Options = {}) => {
    const { Id } = await client.send(new ExecuteStatementCommand({ ...TARGET, WithEvent: true, Sql, ...options }));
    return Id as string;
  };
  const describe = (Id: string) => client.send(new DescribeStatementCommand({ Id }));
  const run = async (sql: string, options?: Options) => {
    const id = await start(sql, options);
    await events.ended(id);
    return describe(id);
  };
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= service.close());
  return {
    stage,
    events,
    client,
    scripts: service.scripts,
    secrets,
    clientOf: (credentials) => new RedshiftDataClient(stage.client(credentials)),
    start,
    describe,
    run,
    query: async (sql, options) => {
      const { Id, Error: error } = await run(sql, options);
      if (error) throw new Error(error);
      return client.send(new GetStatementResultCommand({ Id }));
    },
    waitFor: (id, status) =>
      vi.waitFor(
        async () => {
          const description = await describe(id);
          if (description.Status !== status) throw new Error(`Status is ${description.Status}`);
          return description;
        },
        { timeout: 10_000, interval: 10 },
      ),
    end,
    close: async () => {
      client.destroy();
      await end();
      await stage.close();
      await storage.close();
    },
  };
};

/** The same, on the PostgreSQL that all test files share. */
export const startRedshift = async (
  warehouses?: readonly Warehouse[],
): Promise<TestRedshift & { readonly url: string }> => {
  const url = inject('postgresUrl');
  return { ...(await startRedshiftOn({ url }, warehouses)), url };
};

/** A call as bytes on the wire: the SDK would round large numbers, and would not send what is malformed. */
export const callRaw = async (
  { stage }: Pick<TestRedshift, 'stage'>,
  operation: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(stage.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `RedshiftData.${operation}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

/** Waits for an hour and costs no CPU; by the name that PostgreSQL's own function has in the stage's databases. */
export const SLEEP = 'select postgres_pg_sleep(3600)';

/** Valid on Redshift too; takes hours. Needs a table `n` with a column `i`. */
export const SLOW =
  'select count(*) from n a cross join n b cross join n c cross join n d where a.i + b.i + c.i + d.i < 0';

/** Makes the table that `SLOW` reads: a thousand rows. */
export const prepareSlow = async ({ run }: Pick<TestRedshift, 'run'>): Promise<void> => {
  await run('create table n (i int)');
  await run(`insert into n values ${Array.from({ length: 1000 }, (_, i) => `(${i})`).join(', ')}`);
};
