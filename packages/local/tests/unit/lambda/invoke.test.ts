import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account, addRole } from '../../helpers/gateway.ts';
import { BEGIN, type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

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
  const output = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }),
  );
  const payload = JSON.parse(output.Payload?.transformToString() ?? 'null') as Record<string, unknown>;
  return { ...output, payload, tail: Buffer.from(output.LogResult ?? '', 'base64').toString() };
};

describe('A function in its sandbox', () => {
  it('gets the event and its context, in an environment of its own', async () => {
    // Prepare
    stage.put(
      `export const handler = async (event, context) => ({
        event, name: context.functionName, remaining: context.getRemainingTimeInMillis(), arn: context.invokedFunctionArn,
        env: { ...process.env }, cwd: process.cwd(), id: context.awsRequestId });`,
      { environment: { TABLE: 't1', NODE_OPTIONS: '--enable-source-maps' } },
    );

    // Act
    const { payload, StatusCode, ExecutedVersion } = await invoke({ a: 1 });

    // Assess
    const env = payload.env as Record<string, string>;
    expect({ StatusCode, ExecutedVersion }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(payload).toMatchObject({ event: { a: 1 }, name: 'f', cwd: env.LAMBDA_TASK_ROOT });
    expect(payload.remaining).toBeGreaterThan(0);
    expect(payload.remaining).toBeLessThanOrEqual(3000);
    expect(env).toMatchObject({ TABLE: 't1', AWS_REGION: account.region, AWS_ENDPOINT_URL: stage.endpoint });
    expect(env.HOME).toBeUndefined();
    expect(stage.identities.resolve(env.AWS_ACCESS_KEY_ID)).toMatchObject({
      arn: `arn:aws:sts::${account.accountId}:assumed-role/function/f`,
    });
  });

  it('keeps its module state from one invocation to the next, as a warm sandbox does', async () => {
    // Prepare
    stage.put('let count = 0; export const handler = async () => ++count;');

    // Act
    const answers = [(await invoke()).payload, (await invoke()).payload];

    // Assess
    expect(answers).toEqual([1, 2]);
  });

  it('writes what it prints to its log group, with the lines of the platform around it', async () => {
    // Prepare
    stage.put(
      `export const handler = async () => { console.log('hello %s', 'log'); process.stdout.write('{"raw":1}\\n'); };`,
    );

    // Act
    const { tail } = await invoke();

    // Assess
    expect(stage.logText()).toMatch(
      /^START RequestId: \S+ Version: \$LATEST\n\S+\t\S+\tINFO\thello log\n\{"raw":1\}\nEND RequestId: \S+\nREPORT RequestId: /,
    );
    expect(tail).toBe(stage.logText());
  });

  it('runs on when its role may not write logs, and what it printed is lost', async () => {
    // Prepare
    const roleArn = addRole(stage, 'silent', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    stage.put(`export const handler = async () => { console.log('x'); return 'done'; };`, { roleArn });

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toBe('done');
    expect(stage.logText()).toBe('');
  });

  it('answers a thrown error with its type, message and trace', async () => {
    // Prepare
    stage.put(
      `class Broken extends Error { name = 'Broken' } export const handler = async () => { throw new Broken('no'); };`,
    );

    // Act
    const { payload, FunctionError, StatusCode } = await invoke();

    // Assess
    expect({ FunctionError, StatusCode }).toEqual({ FunctionError: 'Unhandled', StatusCode: 200 });
    expect(payload).toMatchObject({ errorType: 'Broken', errorMessage: 'no' });
    expect((payload.trace as string[])[0]).toBe('Broken: no');
    expect(stage.logText()).toContain('\tERROR\tInvoke Error\t{"errorType":"Broken"'.replace('\t{', ' {'));
  });

  it('is ended when its time is up, on the clock of the stage, and starts anew', async () => {
    // Prepare
    stage.put(
      `let count = 0; export const handler = async (event) => { ${BEGIN} count++; console.log('at work');
        if (event.hang) await new Promise(() => undefined); return count; };`,
      { timeoutSeconds: 60 },
    );
    await invoke();
    const hanging = invoke({ hang: true });
    await stage.started(2);

    // Act
    stage.clock.advance(60_000);
    const { payload, FunctionError } = await hanging;
    const after = await invoke();

    // Assess
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 60\.00 seconds$/),
    });
    expect(after.payload).toBe(1);
    expect(stage.logText()).toContain('Status: timeout');
  });

  it('ends a loop that never yields', async () => {
    // Prepare
    stage.put('export const handler = async () => { for (;;); };', { timeoutSeconds: 1 });

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it.each([
    ['exits', `export const handler = async () => process.exit(3);`, /Runtime exited with error: exit status 3$/],
    [
      'needs more memory than it has',
      `export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };`,
      /Runtime exited with error: signal: killed$/,
    ],
  ])('fails with Runtime.ExitError when it %s', async (_case, source, message) => {
    // Prepare
    stage.put(source, { memoryMb: 128, timeoutSeconds: 20 });

    // Act
    const { payload, FunctionError } = await invoke();

    // Assess
    expect(FunctionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(message) });
  });

  it('fails when an error is caught by nobody, and the next invocation gets a new sandbox', async () => {
    // Prepare
    stage.put(
      `export const handler = async (event) => { if (!event.bad) return 'fine';
        setImmediate(() => { throw new Error('loose'); }); await new Promise(() => undefined); };`,
    );

    // Act
    const failed = await invoke({ bad: true });
    const next = await invoke();

    // Assess
    expect(failed.payload).toMatchObject({ errorType: 'Error', errorMessage: 'loose' });
    expect(next.payload).toBe('fine');
  });

  it.each([
    ['no such file', { handler: 'other.handler' }, 'Runtime.ImportModuleError'],
    ['no such export', { handler: 'index.other' }, 'Runtime.HandlerNotFound'],
    ['no dot', { handler: 'index' }, 'Runtime.MalformedHandlerName'],
  ])('names what is wrong with a handler: %s', async (_case, config, errorType) => {
    // Prepare
    stage.put('export const handler = async () => 1;', config);

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toMatchObject({ errorType });
  });

  it('does not find modules that lie around the assembly', async () => {
    // Prepare
    stage.put(`import pg from 'pg'; export const handler = async () => typeof pg;`);

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });

  it('is run as Lambda runs it: no ES module comes in through require', async () => {
    // Prepare
    stage.put(
      `import { createRequire } from 'node:module'; import { writeFileSync } from 'node:fs';
      export const handler = async () => {
        writeFileSync(process.cwd() + '/other.mjs', 'export const a = 1;');
        return createRequire(import.meta.url)('./other.mjs').a; };`,
    );

    // Act
    const { payload } = await invoke();

    // Assess
    expect(payload).toMatchObject({
      errorType: 'Error',
      errorMessage: expect.stringContaining('require() of ES Module'),
    });
  });

  it('sees the time of the stage in what remains of its own', async () => {
    // Prepare
    stage.put(
      `export const handler = async (event, context) => { ${BEGIN}
        while (context.getRemainingTimeInMillis() > 30_000) await new Promise(setImmediate); return context.getRemainingTimeInMillis(); };`,
      { timeoutSeconds: 60 },
    );
    const running = invoke();
    await stage.started(1);

    // Act
    stage.clock.advance(40_000);
    const { payload } = await running;

    // Assess
    expect(payload).toBeLessThanOrEqual(20_000);
  });

  it('reads the time of the stage from its clock, in every form of Date', async () => {
    // Prepare
    const ahead = 3_600_000;
    stage.clock.advance(ahead);
    stage.put(
      'export const handler = async () => [Date.now(), new Date().getTime(), Date.parse(Date()), +new Date(7)];',
    );

    // Act
    const { payload } = await invoke();

    // Assess
    const [now, date, text, given] = payload as unknown as number[];
    expect(given).toBe(7);
    for (const time of [now, date, text]) expect(time).toBeGreaterThan(Date.now() + ahead / 2);
  });

  it('is throttled beyond its reserved concurrency', async () => {
    // Prepare
    stage.put(`export const handler = async () => { ${BEGIN} await new Promise(() => undefined); };`, {
      reservedConcurrency: 1,
    });
    const first = invoke().catch(() => undefined);
    await stage.started(1);

    // Act
    const error = await invoke().catch((reason: unknown) => reason);
    await stage.lambda.close();
    await first;

    // Assess
    expect(error).toMatchObject({ name: 'TooManyRequestsException', message: 'Rate Exceeded.' });
  });

  it('is replaced for later invocations; those under way finish with the old code', async () => {
    // Prepare
    stage.put(
      `export const handler = async (event, context) => { ${BEGIN}
      while (context.getRemainingTimeInMillis() > 30_000) await new Promise(setImmediate); return 'old'; };`,
      { timeoutSeconds: 60 },
    );
    const running = invoke();
    await stage.started(1);

    // Act
    stage.put(`export const handler = async () => 'new';`);
    const later = await invoke();
    stage.clock.advance(31_000);

    // Assess
    expect(later.payload).toBe('new');
    expect((await running).payload).toBe('old');
  });

  it('is shown by the API, and unknown ones are refused', async () => {
    // Prepare
    stage.put('export const handler = async () => 1;', { description: 'one' });

    // Act
    const shown = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }));
    const { Functions } = await client.send(new ListFunctionsCommand({}));
    const missing = await invoke({}, 'g').catch((reason: unknown) => reason);

    // Assess
    expect(shown).toMatchObject({ FunctionName: 'f', Timeout: 3, MemorySize: 256, State: 'Active' });
    expect(Functions).toHaveLength(1);
    expect(missing).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: arn:aws:lambda:${account.region}:${account.accountId}:function:g`,
    });
  });

  it('needs a role that trusts Lambda', () => {
    // Prepare
    const roleArn = `arn:aws:iam::${account.accountId}:role/nobody`;

    // Act
    const put = () => stage.put('export const handler = async () => 1;', { roleArn });

    // Assess
    expect(put).toThrow('The role defined for the function cannot be assumed by Lambda.');
  });
});

describe('The end of Lambda', () => {
  it('ends what runs and removes the copies of code', async () => {
    // Prepare
    stage.put(
      `export const handler = async ({ hang }) => { if (!hang) return process.env.LAMBDA_TASK_ROOT;
        ${BEGIN} await new Promise(() => undefined); };`,
    );
    const taskRoot = (await invoke()).payload as unknown as string;
    const running = invoke({ hang: true }).catch((reason: unknown) => reason);
    await stage.started(1);
    const during = existsSync(taskRoot);

    // Act
    await stage.lambda.close();

    // Assess
    expect(await running).toMatchObject({ name: 'ServiceException' });
    expect(during).toBe(true);
    expect(existsSync(path.dirname(taskRoot))).toBe(false);
  });
});
