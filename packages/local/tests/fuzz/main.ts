/**
 * `npm run fuzz:data-api -- [--cases N] [--seed S]`: malformed requests and SQL texts, an AWS error each. 10,000 by default.
 * Exit 1 when one was not, 2 when it could not run.
 */
import { parseArgs } from 'node:util';
import { silentLog } from '../../src/common/log.ts';
import { createRedshiftData, Warehouses } from '../../src/redshift-data/index.ts';
import { startEmbeddedPostgres } from '../../src/services/postgres.ts';
import { Secrets } from '../../src/services/secrets.ts';
import { account, startGateway } from '../helpers/gateway.ts';
import { fuzzDataApi } from './fuzz.ts';

const USAGE = 'Usage: npm run fuzz:data-api -- [--cases N] [--seed S], both whole numbers';

/** Undefined when they make no sense. */
const options = (): { cases: number; seed: number } | undefined => {
  try {
    const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
    const [cases, seed] = [Number(values.cases ?? 10_000), Number(values.seed ?? Date.now() % 2 ** 31)];
    return Number.isInteger(cases) && cases > 0 && Number.isInteger(seed) ? { cases, seed } : undefined;
  } catch {
    return undefined;
  }
};

const run = async (given: { cases: number; seed: number }): Promise<number> => {
  const postgres = await startEmbeddedPostgres(silentLog);
  const stage = await startGateway();
  const { clock, identities: roles, endpoint, logged } = stage;
  const service = createRedshiftData({
    account,
    clock,
    events: { put: () => undefined },
    postgres,
    warehouses: new Warehouses(),
    secrets: new Secrets({ account, clock }),
    roles,
    endpoint: () => endpoint,
    log: silentLog,
  });
  stage.gateway.register(service);
  const { counts, failures } = await fuzzDataApi({ endpoint, logged }, given);
  await service.close();
  await stage.close();
  await postgres.close();
  for (const [answer, count] of [...counts].sort((a, b) => b[1] - a[1]))
    write(`${String(count).padStart(6)}  ${answer}`);
  for (const failure of failures.slice(0, 20)) write(`FAILED ${JSON.stringify(failure).slice(0, 2000)}`);
  write(`seed ${given.seed}`);
  write(`${given.cases - failures.length} passed, ${failures.length} failed`);
  return failures.length > 0 ? 1 : 0;
};

const write = (line: string): void => void process.stdout.write(`${line}\n`);

const given = options();
if (!given) write(USAGE);
process.exitCode = given ? await run(given) : 2;
