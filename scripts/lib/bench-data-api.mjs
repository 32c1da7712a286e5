import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const BIN = fileURLToPath(new URL('../../packages/local/bin/sfn-redshift-local.mjs', import.meta.url));
const INDEX = new URL('../../packages/local/src/index.ts', import.meta.url).href;
const TARGET = { ClusterIdentifier: 'bench', Database: 'dev', DbUser: 'bench' };
const STARTS = 3;
const FILLED = 10_000;
const PERIOD_MS = 1_500;
const WAITING = 20;
const AT_ONCE = 100;
const CLIENTS = 16;

/** A client without an SDK, which would take more time than the server. */
const clientOf = (endpoint) => {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return async (operation, input) => {
    const target = { ...headers, 'x-amz-target': `RedshiftData.${operation}` };
    const call = request(endpoint, { method: 'POST', agent, headers: target }).end(JSON.stringify(input));
    const [response] = await once(call, 'response');
    const output = await json(response);
    if (response.statusCode !== 200) throw new Error(`${operation}: ${output.__type}: ${output.Message}`);
    return output;
  };
};

/** From the command to the line that says that it is ready. */
const readyMs = async () => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [BIN, 'redshift'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(createInterface(child.stdout), 'line');
  const ms = performance.now() - startedAt;
  child.kill('SIGTERM');
  await ended;
  return ms;
};

/** Calls a second, made by several clients at once, each waiting for its answers. */
const rate = async (call) => {
  const until = performance.now() + PERIOD_MS;
  let count = 0;
  const loop = async () => {
    for (; performance.now() < until; count += 1) await call();
  };
  await Promise.all(Array.from({ length: CLIENTS }, loop));
  return Math.round(count / (PERIOD_MS / 1000));
};

const execute = (client, Sql, more = {}) => client('ExecuteStatement', { ...TARGET, Sql, ...more });

const describe = (client, Id, more = {}) => client('DescribeStatement', { Id, ...more });

/** Scripted, so that PostgreSQL is not what is measured. */
const rates = async (client) => {
  let Id;
  // As many as a list shows.
  for (let i = 0; i < 10; i += 1) ({ Id } = await execute(client, 'scripted', { WaitTimeSeconds: 30 }));
  return {
    DescribeStatement: await rate(() => client('DescribeStatement', { Id })),
    'ListStatements (10)': await rate(() => client('ListStatements', { MaxResults: 10 })),
  };
};

/** Not beyond the 500 statements that may be active at a time. */
const fill = async (client) => {
  const startedAt = performance.now();
  let left = FILLED;
  const loop = async () => {
    while (left-- > 0) await execute(client, 'scripted');
  };
  await Promise.all(Array.from({ length: CLIENTS }, loop));
  return Math.round(FILLED / ((performance.now() - startedAt) / 1000));
};

const callsPerSecond = async (client) => {
  // Once without being noted, until the compiler has done what it does.
  await rates(client);
  const empty = await rates(client);
  const executes = await fill(client);
  const full = await rates(client);
  console.table(
    Object.keys(empty).map((call) => ({
      call,
      'a second, empty': empty[call],
      [`with ${FILLED} finished`]: full[call],
      ratio: Number((full[call] / empty[call]).toFixed(2)),
    })),
  );
  return executes;
};

/** A lock on a table lets statements wait in PostgreSQL, where they cost nothing. */
const withLock = async (url, action) => {
  const admin = new pg.Client(url);
  await admin.connect();
  const { rows } = await admin.query("select datname from pg_database where datname like 'redshift%bench_dev'");
  await admin.end();
  const holder = new pg.Client(Object.assign(new URL(url), { pathname: `/${rows[0].datname}` }).href);
  await holder.connect();
  try {
    await holder.query('begin; lock table locked');
    return await action();
  } finally {
    await holder.end();
  }
};

/** Of this process, which the stage runs in, in percent of one CPU. */
const cpuPercent = async () => {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await sleep(PERIOD_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / (performance.now() - startedAt);
};

const cpuWhileWaiting = async (client, url) => {
  await execute(client, 'create table locked (i int)', { WaitTimeSeconds: 30 });
  const ids = [];
  const percent = await withLock(url, async () => {
    for (let i = 0; i < WAITING; i += 1) ids.push((await execute(client, 'select * from locked')).Id);
    // Until all of them have a back end.
    for (const Id of ids) while ((await describe(client, Id)).Status !== 'STARTED') await sleep(20);
    return await cpuPercent();
  });
  for (const Id of ids) await describe(client, Id, { WaitTimeSeconds: 30 });
  return percent;
};

const manyAtOnce = async (client) => {
  const startedAt = performance.now();
  const one = async (_, i) => {
    const { Id } = await execute(client, `select ${i}::int`, { WaitTimeSeconds: 30 });
    const { Records } = await client('GetStatementResult', { Id });
    return Records?.[0]?.[0]?.longValue === i;
  };
  const right = await Promise.all(Array.from({ length: AT_ONCE }, one));
  return { ms: performance.now() - startedAt, right: right.filter(Boolean).length };
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The Redshift Data API of the local stage. Clients and stage share this process, as they share a machine in tests. */
export const benchDataApi = async () => {
  const starts = [];
  for (let i = 0; i < STARTS; i += 1) starts.push(await readyMs());
  const { RedshiftStage } = await import(INDEX);
  const stage = await RedshiftStage.start();
  const client = clientOf(stage.endpoint);
  try {
    stage.redshift.script({ sql: 'scripted', affectedRows: 1 });
    const firstAt = performance.now();
    await execute(client, 'select 1', { WaitTimeSeconds: 30 });
    const first = performance.now() - firstAt;
    const executes = await callsPerSecond(client);
    const cpu = await cpuWhileWaiting(client, stage.postgres);
    const { ms, right } = await manyAtOnce(client);
    console.table([
      { 'Data API': `ready, ms (median of ${STARTS})`, measured: Math.round(median(starts)), aim: 'under 2000' },
      { 'Data API': 'first statement, ms', measured: Math.round(first), aim: '' },
      { 'Data API': 'ExecuteStatement (scripted), calls a second', measured: executes, aim: '' },
      { 'Data API': `CPU while ${WAITING} statements wait, %`, measured: Number(cpu.toFixed(2)), aim: 'about 0' },
      { 'Data API': `${AT_ONCE} statements at once, ms until all are read`, measured: Math.round(ms), aim: '' },
      { 'Data API': '  of them with their own result', measured: right, aim: String(AT_ONCE) },
    ]);
  } finally {
    await stage.close();
  }
};
