import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionConfig } from '../../../src/lambda/index.ts';
import { addRole } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

let stage: LambdaStage;
let client: LambdaClient;
beforeEach(async () => {
  stage = await startLambdaStage();
  client = new LambdaClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const invoke = async (event: unknown = {}, name = 'f') => {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  return { payload: JSON.parse(Payload?.transformToString() ?? 'null') as Record<string, unknown>, FunctionError };
};

const lines = () => stage.logs.eventsOf('/aws/lambda/f').map(({ message }) => message);
const kinds = () => lines().map((line) => /^(INIT_REPORT.*Phase: \w+|START|END|REPORT)/.exec(line)?.[0] ?? line.trim());

describe('Loading the code of a function', () => {
  it('comes before the start, in the log too', async () => {
    // Prepare
    stage.put(
      `process.stdout.write('loading\\n'); export const handler = async () => process.stdout.write('running\\n');`,
    );

    // Act
    await invoke();

    // Assess
    expect(kinds()).toEqual(['loading', 'START', 'running', 'END', 'REPORT']);
    expect(lines().at(-1)).toMatch(/\tInit Duration: [\d.]+ ms\t\n$/);
  });

  it('is tried a second time, on the invocation, when it fails', async () => {
    // Prepare
    stage.put(`process.stdout.write('loading\\n'); throw new RangeError('no'); export const handler = async () => 1;`);

    // Act
    const { payload, FunctionError } = await invoke();

    // Assess
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' });
    const ofPlatform = kinds().filter((line) => !line.includes('Uncaught Exception'));
    expect(ofPlatform).toEqual([
      'loading',
      expect.stringMatching(/Phase: init$/),
      'loading',
      expect.stringMatching(/Phase: invoke$/),
      'START',
      'END',
      'REPORT',
    ]);
    expect(lines().at(-1)).toContain('\tStatus: error\tError Type: RangeError\t');
  });

  it('may succeed the second time', async () => {
    // Prepare
    stage.put(
      `import { existsSync, writeFileSync } from 'node:fs';
      const mark = process.env.LAMBDA_TASK_ROOT + '/mark';
      if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(3); }
      export const handler = async () => 'fine';`,
    );

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toBe('fine');
    expect(lines()[0]).toMatch(
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.ExitError\n$/,
    );
    expect(lines().at(-1)).not.toContain('Init Duration');
  });

  it('has ten seconds of its own, then the time of the invocation', async () => {
    // Prepare
    stage.put(
      `await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/'); await new Promise(() => setInterval(() => undefined, 1000));
      export const handler = async () => 1;`,
      { timeoutSeconds: 30 },
    );
    const running = invoke();
    await stage.started(1);

    // Act
    stage.clock.advance(10_000);
    await stage.started(2);
    stage.clock.advance(30_000);
    const { payload } = await running;

    // Assess
    expect(payload).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 30\.00 seconds$/),
    });
    expect(lines()[0]).toMatch(/^INIT_REPORT Init Duration: 1\d{4}\.00 ms\tPhase: init\tStatus: timeout\n$/);
  });
});

describe('The end of a sandbox', () => {
  it('is told with its reason, and counted as an error', async () => {
    // Prepare
    stage.put(`export const handler = async () => process.exit(7);`);

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 7$/),
    });
    expect(stage.logText()).toContain('exit status 7\nRuntime.ExitError\n');
    expect(stage.metrics.values('AWS/Lambda', 'Errors', { FunctionName: 'f' })).toEqual([1]);
  });

  it.each([
    ['an error that nobody caught', `setImmediate(() => { throw new Error('late'); });`],
    ['a rejection that nobody handled', `void Promise.reject(new Error('late'));`],
    ['the end of the process', 'process.exit(0);'],
  ])('after it has answered leaves the answer, and another one is used next: %s', async (_case, ending) => {
    // Prepare
    stage.put(
      `let count = 0; export const handler = async ({ end }) => { if (end) setTimeout(() => { ${ending} }); return ++count; };`,
    );

    // Act
    const answers = [await invoke(), await invoke({ end: true })];
    let next = await invoke();
    // The old one may get this invocation while it is on its way out.
    while (next.FunctionError || Number(next.payload) > 1) next = await invoke();

    // Assess
    expect(answers.map(({ payload }) => payload)).toEqual([1, 2]);
    expect(next.payload).toBe(1);
  });
});

describe('Two functions', () => {
  it('share neither globals nor variables, and see nothing of the process around them', async () => {
    // Prepare
    process.env.OF_THE_HOST = 'secret';
    const source = `export const handler = async () => { const seen = [globalThis.mark, process.env.MARK, process.env.OF_THE_HOST];
      globalThis.mark = 1; process.env.MARK = 'set'; return seen; };`;
    stage.put(source);
    stage.put(source, { name: 'g' });

    // Act
    const answers = [await invoke(), await invoke({}, 'g')];
    delete process.env.OF_THE_HOST;

    // Assess
    expect(answers.map(({ payload }) => payload)).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
  });
});

describe('The concurrency of the account', () => {
  it('is what functions without a reservation share', async () => {
    // Prepare
    await stage.close();
    stage = await startLambdaStage({ accountConcurrency: 101 });
    client = new LambdaClient(stage.client());
    const HANG = `export const handler = async () => { await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/'); await new Promise(() => undefined); };`;
    stage.put(HANG, { name: 'reserved', reservedConcurrency: 1 });
    const tooMuch = () => stage.put(HANG, { name: 'other', reservedConcurrency: 1 });
    expect(tooMuch).toThrow(/UnreservedConcurrentExecution below its minimum value of \[100\]/);
    stage.put('export const handler = async () => 1;');

    // Act
    const held = invoke({}, 'reserved').catch(() => undefined);
    await stage.started(1);
    const [reserved, free] = await Promise.all([
      invoke({}, 'reserved').catch((reason: unknown) => reason),
      invoke().catch((reason: unknown) => reason),
    ]);
    await stage.lambda.close();
    await held;

    // Assess
    expect(reserved).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    expect(free).toMatchObject({ payload: 1 });
  });

  it('throttles what comes beyond it', async () => {
    // Prepare
    await stage.close();
    stage = await startLambdaStage({ accountConcurrency: 1 });
    client = new LambdaClient(stage.client());
    const HANG = `export const handler = async () => { await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/'); await new Promise(() => undefined); };`;
    stage.put(HANG, { name: 'g' });
    stage.put('export const handler = async () => 1;');
    const held = invoke({}, 'g').catch(() => undefined);
    await stage.started(1);

    // Act
    const error = await invoke().catch((reason: unknown) => reason);
    await stage.lambda.close();
    await held;

    // Assess
    expect(error).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    expect(stage.metrics.sum('AWS/Lambda', 'Throttles', { FunctionName: 'f' })).toBe(1);
  });
});

describe('Logs in the format JSON', () => {
  const put = (source: string, logging: Partial<FunctionConfig['logging']> = {}) =>
    stage.put(source, { logging: { format: 'JSON', applicationLevel: 'INFO', systemLevel: 'INFO', ...logging } });
  const objects = () => lines().map((line) => JSON.parse(line) as Record<string, unknown>);

  it('are objects, those of the platform too', async () => {
    // Prepare
    put(`export const handler = async () => { console.log('a %s', 'b'); console.warn({ c: 1 }); console.debug('no');
      console.error('failed', new TypeError('t')); process.stdout.write('{"own":1}\\n'); };`);

    // Act
    await invoke();

    // Assess
    expect(objects()).toEqual([
      {
        time: expect.any(String),
        type: 'platform.start',
        record: { requestId: expect.any(String), version: '$LATEST' },
      },
      { timestamp: expect.any(String), level: 'INFO', requestId: expect.any(String), message: 'a b' },
      { timestamp: expect.any(String), level: 'WARN', requestId: expect.any(String), message: { c: 1 } },
      expect.objectContaining({
        level: 'ERROR',
        errorType: 'TypeError',
        errorMessage: 't',
        stackTrace: expect.any(Array),
      }),
      { own: 1 },
      {
        time: expect.any(String),
        type: 'platform.report',
        record: {
          requestId: expect.any(String),
          status: 'success',
          metrics: {
            durationMs: expect.any(Number),
            billedDurationMs: expect.any(Number),
            memorySizeMB: 256,
            maxMemoryUsedMB: expect.any(Number),
            initDurationMs: expect.any(Number),
          },
        },
      },
    ]);
  });

  it('leave out what is below the levels', async () => {
    // Prepare
    put(`export const handler = async () => { console.log('a'); console.error('b'); };`, {
      applicationLevel: 'ERROR',
      systemLevel: 'WARN',
    });

    // Act
    await invoke();

    // Assess
    expect(objects()).toMatchObject([{ level: 'ERROR', message: 'b' }]);
  });

  it('tell of a thrown error', async () => {
    // Prepare
    put(`export const handler = async () => { throw new RangeError('r'); };`);

    // Act
    await invoke();

    // Assess
    expect(objects()[1]).toMatchObject({ level: 'ERROR', message: { errorType: 'RangeError', errorMessage: 'r' } });
    expect(objects().at(-1)).toMatchObject({ record: { status: 'failure', errorType: 'RangeError' } });
  });
});

describe('Metrics of a function', () => {
  const LINE = `JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
    { Namespace: 'App', Dimensions: [['service']], Metrics: [{ Name: 'Done', Unit: 'Count' }] }] }, service: 's', Done: 2 })`;

  it('are read from its lines in the embedded format, one a line', async () => {
    // Prepare
    stage.put(
      `export const handler = async () => { const line = ${LINE}; process.stdout.write(line + '\\n' + line + '\\n'); console.log(line); };`,
    );

    // Act
    await invoke();

    // Assess
    expect(stage.metrics.values('App', 'Done', { service: 's' })).toEqual([2, 2]);
  });

  it('are lost with the log where the role may not write it; what Lambda counts is not', async () => {
    // Prepare
    const roleArn = addRole(stage, 'silent', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    stage.put(`export const handler = async () => { process.stdout.write(${LINE} + '\\n'); };`, { roleArn });

    // Act
    await invoke();

    // Assess
    expect(stage.metrics.values('App', 'Done')).toEqual([]);
    expect(stage.metrics.values('AWS/Lambda', 'Invocations', {})).toEqual([1]);
  });

  it('are at the time of the stage', async () => {
    // Prepare
    stage.clock.advance(30 * 24 * 3_600_000);
    stage.put(`export const handler = async () => { process.stdout.write(${LINE} + '\\n'); };`);

    // Act
    await invoke();

    // Assess
    const [datum] = stage.metrics.find({ namespace: 'App', name: 'Done' });
    expect(Math.abs((datum?.time ?? 0) - stage.clock.now())).toBeLessThan(60_000);
  });

  it('are counted by Lambda itself', async () => {
    // Prepare
    stage.put(`export const handler = async ({ bad }) => { if (bad) throw new Error('no'); };`);

    // Act
    await invoke();
    await invoke({ bad: true });

    // Assess
    const of = (name: string) => stage.metrics.values('AWS/Lambda', name, { FunctionName: 'f' });
    expect(of('Invocations')).toEqual([1, 1]);
    expect(of('Errors')).toEqual([0, 1]);
    expect(of('ConcurrentExecutions')).toEqual([1, 1]);
    expect(of('Duration')).toHaveLength(2);
  });
});
