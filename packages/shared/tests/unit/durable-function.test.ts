import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  retryStart,
  type StatementContext,
  StatementFailed,
  statementFailureOf,
  statementOutput,
  statementSubmitter,
  waitForStatement,
} from '../../src/durable-function.ts';
import { parseTaskRequest } from '../../src/index.ts';
import { CANARIES } from '../helpers/canaries.ts';
import { DURABLE_EXECUTION } from '../helpers/request-rows-durable.ts';

const STATEMENT = { sqlStatement: 'select :one', parameters: { one: 1 } };
const OUTPUT = { detail: { statementId: 's1', state: 'FINISHED', rows: 1 }, time: '2026-11-26T08:00:00Z' };

/** What the invoker answers, and what it was sent. */
let answer: { readonly functionError?: string; readonly payload: string };
let received: { readonly url: string; readonly payload: unknown }[];
let server: Server;
let client: LambdaClient;

beforeEach(async () => {
  answer = { payload: '{}' };
  received = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ url: request.url ?? '', payload: JSON.parse(body) as unknown });
      response.writeHead(200, answer.functionError ? { 'x-amz-function-error': answer.functionError } : {});
      response.end(answer.payload);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new LambdaClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A context that submits once, and then answers with what it is given. */
class FakeContext implements StatementContext {
  readonly executionContext = { durableExecutionArn: DURABLE_EXECUTION };
  readonly waits: { readonly name: string; readonly config: object }[] = [];
  told: { readonly text: string } | { readonly error: Error } = { text: JSON.stringify(OUTPUT) };

  async waitForCallback<T>(
    name: string,
    submitter: (callbackId: string) => Promise<void>,
    config: Parameters<StatementContext['waitForCallback']>[2],
  ): Promise<T> {
    this.waits.push({ name, config });
    await submitter(CANARIES.callbackId);
    if ('error' in this.told) throw this.told.error;
    return (await config.serdes.deserialize(this.told.text)) as T;
  }
}

/** As the SDK throws it: the name in the cause, as long as nothing is replayed. */
const callbackError = (errorData: string): Error =>
  Object.assign(new Error('the text of Redshift', { cause: new Error('inner') }), {
    name: 'CallbackExternalError',
    errorData,
  });

describe('a durable function that waits for a statement', () => {
  it('sends the invoker a request of the contract, and is given the output', async () => {
    const context = new FakeContext();

    const output = await waitForStatement(context, 'load', STATEMENT, { invoker: 'invoker', client });

    expect(output).toEqual(OUTPUT);
    expect(received).toEqual([
      { url: '/2015-03-31/functions/invoker/invocations', payload: expect.anything() as unknown },
    ]);
    expect(parseTaskRequest(received[0]?.payload)).toMatchObject({
      request: {
        action: 'executeStatement',
        sqlStatement: 'select :one',
        callback: { type: 'durableFunction', callbackId: CANARIES.callbackId },
        executionArn: DURABLE_EXECUTION,
        errors: 'cause',
      },
      ignoredFields: [],
    });
    expect(context.waits).toMatchObject([{ name: 'load', config: { timeout: { hours: 25 } } }]);
    expect(context.waits[0]?.config).not.toHaveProperty('heartbeatTimeout');
  });

  it('may ask for heartbeats, for another time-out and another action', async () => {
    const context = new FakeContext();
    const statement = { ...STATEMENT, action: 'executeSingletonStatement', heartbeatSeconds: 300 } as const;

    await waitForStatement(context, 'load', statement, { invoker: 'invoker', client, timeout: { minutes: 5 } });

    expect(context.waits[0]?.config).toMatchObject({ timeout: { minutes: 5 }, heartbeatTimeout: { seconds: 300 } });
    expect(received[0]?.payload).toMatchObject({ action: 'executeSingletonStatement', heartbeatSeconds: 300 });
  });

  it('may run several statements', async () => {
    const statements = { sqlStatements: ['select 1', 'select 2'], executionMode: 'AUTO_COMMIT' } as const;

    await waitForStatement(new FakeContext(), 'load', statements, { invoker: 'invoker', client });

    expect(parseTaskRequest(received[0]?.payload)).toMatchObject({
      request: { action: 'batchExecuteStatement', ...statements, callback: { type: 'durableFunction' } },
      ignoredFields: [],
    });
  });

  it('sends no execution that is none, as a local runner has it', async () => {
    const context = Object.assign(new FakeContext(), { executionContext: { durableExecutionArn: 'an id' } });

    await waitForStatement(context, 'load', STATEMENT, { invoker: 'invoker', client });

    expect(received[0]?.payload).not.toHaveProperty('executionArn');
  });

  it('is told by name why the statement did not finish', async () => {
    const context = new FakeContext();
    const details = { error: 'FAILED', message: 'ERROR: no such table', statementId: 's1' };
    const error = callbackError(JSON.stringify(details));
    context.told = { error };

    const failed = waitForStatement(context, 'load', STATEMENT, { invoker: 'invoker', client });

    await expect(failed).rejects.toThrow(new StatementFailed(details, error));
    await expect(failed).rejects.toMatchObject({
      name: 'FAILED',
      message: 'ERROR: no such table',
      details,
      cause: error,
    });
  });

  it('gets all other errors as they are', async () => {
    const context = new FakeContext();
    const error = new Error('timed out');
    context.told = { error };

    await expect(waitForStatement(context, 'load', STATEMENT, { invoker: 'invoker', client })).rejects.toBe(error);
  });
});

describe('a start that fails', () => {
  it.each([
    [
      'Unhandled',
      '{"errorType":"InvalidRequest","errorMessage":"sqlStatement: no"}',
      'InvalidRequest',
      'sqlStatement: no',
    ],
    ['Unhandled', '{"errorMessage":"Task timed out"}', 'Unhandled', 'Task timed out'],
    ['Handled', 'no JSON', 'Handled', 'the invoker failed'],
    ['Unhandled', '', 'Unhandled', 'the invoker failed'],
  ])('says so by name: %s %s', async (functionError, payload, name, message) => {
    answer = { functionError, payload };

    await expect(statementSubmitter(STATEMENT, 'invoker', client)('aWQ=')).rejects.toMatchObject({
      name,
      message: `${name}: ${message}`,
    });
  });

  it.each([
    ['StartInProgress', 1, true],
    ['TooManyRequestsException', 5, true],
    ['StartInProgress', 6, false],
    ['InvalidRequest', 1, false],
    ['StartUncertain', 1, false],
    ['ValidationException', 1, false],
  ])('by %s, for the %d. time, is repeated: %s', (name, attempt, shouldRetry) => {
    const error = Object.assign(new Error('no'), { name });

    expect(retryStart(error, attempt)).toEqual({ shouldRetry, delay: { seconds: 2 ** attempt } });
  });
});

describe('a start that no invoker has heard of', () => {
  it('fails by the name of the call, which a text with a colon of its own does not hide', async () => {
    client.middlewareStack.add(
      () => () => Promise.reject(Object.assign(new Error('User: nobody may'), { name: 'AccessDeniedException' })),
      { step: 'initialize' },
    );

    await expect(statementSubmitter(STATEMENT, 'invoker', client)('aWQ=')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'AccessDeniedException: User: nobody may',
    });
  });
});

describe("what a submitter's error tells", () => {
  const submitterError = (message: string): Error =>
    Object.assign(new Error(message), { errorType: 'CallbackSubmitterError' });

  it.each([
    ['InvalidRequest: sqlStatement: must not\nbe empty', 'InvalidRequest', 'sqlStatement: must not\nbe empty'],
    ['Sandbox.Timedout: 30 seconds', 'Sandbox.Timedout', '30 seconds'],
  ])('is the name and the text of the start: %j', (text, error, message) => {
    const thrown = submitterError(text);

    expect(statementFailureOf(thrown)).toEqual(new StatementFailed({ error, message }, thrown));
    expect(statementFailureOf(new Error('child', { cause: thrown }))).toMatchObject({ details: { error, message } });
  });

  it.each(['it was interrupted', 'the step: ended', ': ', 'Name:text'])(
    'is nothing where it has no name: %j',
    (text) => {
      expect(statementFailureOf(submitterError(text))).toBeUndefined();
    },
  );

  it('is only looked for in such errors', () => {
    expect(statementFailureOf(new Error('InvalidRequest: no'))).toBeUndefined();
  });
});

describe('what a callback was told', () => {
  it('is parsed where there is something', async () => {
    expect(await statementOutput.deserialize(JSON.stringify(OUTPUT))).toEqual(OUTPUT);
    expect(await statementOutput.deserialize(undefined)).toBeUndefined();
  });

  it('is found in the errors that wrap it', () => {
    const inner = callbackError('{"error":"ABORTED","message":"stopped"}');
    const error = new Error('child', { cause: new Error('step', { cause: inner }) });

    expect(statementFailureOf(error)).toMatchObject({ name: 'ABORTED', message: 'stopped', cause: error });
  });

  it.each(['', 'text', 'null', '7', '{"error":1,"message":"a"}', '{"error":"FAILED"}', '[]'])(
    'is of no statement where the data is %j',
    (errorData) => {
      expect(statementFailureOf(callbackError(errorData))).toBeUndefined();
    },
  );

  it('is nothing where no error, or one that is its own cause, was thrown', () => {
    const loop = new Error('loop');
    loop.cause = loop;

    expect([statementFailureOf('text'), statementFailureOf(loop)]).toEqual([undefined, undefined]);
  });
});
