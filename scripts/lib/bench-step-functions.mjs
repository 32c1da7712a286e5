import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from './build.mjs';

const HELPERS = new URL('../../packages/local/tests/helpers/', import.meta.url);
const MANY = new URL('../../packages/integ/tests/helpers/many-executions.ts', import.meta.url).href;
const EXECUTIONS = 1000;
const FINISHED = 20_000;
const PERIOD_MS = 1_500;
const CLIENTS = 16;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const heapBytes = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};
const megabytes = (bytes) => Math.round(bytes / 1_000_000);

/** The whole way of a statement, from StartExecution to the callback, many at once. */
const manyExecutions = async () => {
  const { expectedOutcome, runMany, startManyStage } = await import(MANY);
  const test = await startManyStage();
  try {
    const before = { rss: process.memoryUsage().rss, heap: heapBytes() };
    const startedAt = performance.now();
    const outcomes = await runMany(test, EXECUTIONS);
    const ms = performance.now() - startedAt;
    const { rss } = process.memoryUsage();
    const right = outcomes.filter((outcome, n) => JSON.stringify(outcome) === JSON.stringify(expectedOutcome(n)));
    console.table([
      { 'One-statement executions at once': 'executions', measured: EXECUTIONS, aim: '' },
      {
        'One-statement executions at once': 'with the outcome of their own statement',
        measured: right.length,
        aim: String(EXECUTIONS),
      },
      {
        'One-statement executions at once': 'ms until all have ended and are closed',
        measured: Math.round(ms),
        aim: '',
      },
      { 'One-statement executions at once': 'ms for each', measured: Number((ms / EXECUTIONS).toFixed(1)), aim: '' },
      {
        'One-statement executions at once': 'MB of memory before (with all threads)',
        measured: megabytes(before.rss),
        aim: '',
      },
      { 'One-statement executions at once': 'MB of memory after', measured: megabytes(rss), aim: '' },
      {
        'One-statement executions at once': 'MB of it on the heap of the stage',
        measured: megabytes(heapBytes()),
        aim: '',
      },
    ]);
  } finally {
    await test.close();
  }
};

/** A client without an SDK, which would take more time than the server. */
const clientOf = (endpoint) => {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return async (operation, input) => {
    const target = { ...headers, 'x-amz-target': `AWSStepFunctions.${operation}` };
    const call = request(endpoint, { method: 'POST', agent, headers: target }).end(JSON.stringify(input));
    const [response] = await once(call, 'response');
    const output = await json(response);
    if (response.statusCode !== 200) throw new Error(`${operation}: ${output.__type}: ${output.message}`);
    return output;
  };
};

/** Microseconds of processor time for a call, client and server together: what else runs on the machine does not count. */
const cpuMicros = async (call) => {
  const before = process.cpuUsage();
  const until = performance.now() + PERIOD_MS;
  let count = 0;
  const loop = async () => {
    for (; performance.now() < until; count += 1) await call();
  };
  await Promise.all(Array.from({ length: CLIENTS }, loop));
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / count);
};

const costs = async (client, stateMachineArn) => {
  const { executionArn } = await client('StartExecution', { stateMachineArn });
  const list = { stateMachineArn, maxResults: 100 };
  return {
    StartExecution: await cpuMicros(() => client('StartExecution', { stateMachineArn })),
    DescribeExecution: await cpuMicros(() => client('DescribeExecution', { executionArn })),
    'ListExecutions (100)': await cpuMicros(() => client('ListExecutions', list)),
    'ListExecutions (100, FAILED: none)': await cpuMicros(() =>
      client('ListExecutions', { ...list, statusFilter: 'FAILED' }),
    ),
    GetExecutionHistory: await cpuMicros(() => client('GetExecutionHistory', { executionArn })),
  };
};

/** Not through the gateway, whose record of calls would be weighed with them. */
const fill = async (stage, stateMachineArn) => {
  for (let n = 0; n < FINISHED; n += 1) await stage.startMachine(stateMachineArn, {});
  await stage.events.find(
    () => stage.events.seen.filter(({ detail }) => detail.status === 'SUCCEEDED').length >= FINISHED,
  );
  stage.events.seen.length = 0;
};

/** Costs of the API with nothing behind it, or with many executions that have ended; a stage each, as measuring starts executions too. */
const measured = async (isFull) => {
  const { startGateway } = await import(new URL('gateway.ts', HELPERS).href);
  const { only, StepFunctionsStage } = await import(new URL('step-functions.ts', HELPERS).href);
  const stage = new StepFunctionsStage();
  const { client: options, close } = await startGateway(stage.service);
  const client = clientOf(options().endpoint);
  try {
    const machine = stage.deploy(only({ Type: 'Pass' }));
    const before = heapBytes();
    if (isFull) await fill(stage, machine);
    const bytes = heapBytes() - before;
    return { bytes, costs: await costs(client, machine) };
  } finally {
    await stage.close();
    await close();
  }
};

const finishedExecutions = async () => {
  // Once without being noted, until the compiler has done what it does.
  await measured(false);
  const empty = await measured(false);
  const full = await measured(true);
  console.table(
    Object.keys(empty.costs).map((call) => ({
      'CPU of a call, µs': call,
      empty: empty.costs[call],
      [`with ${FINISHED} finished`]: full.costs[call],
      ratio: Number((full.costs[call] / empty.costs[call]).toFixed(2)),
    })),
  );
  console.log(`A finished execution of one Pass state takes ${Math.round(full.bytes / FINISHED)} bytes.`);
};

/** Step Functions of the local stage. Clients and stage share this process, as they share a machine in tests. */
export const benchStepFunctions = async () => {
  await build({ projects: ['@sfn-redshift/local', 'sfn-redshift-tasker'] });
  await manyExecutions();
  await finishedExecutions();
};
