import {
  LambdaClient,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

const CallbackId = 'Y2FsbGJhY2s+/w==';

let stage: LambdaStage;
let client: LambdaClient;
beforeAll(async () => {
  stage = await startLambdaStage();
  client = new LambdaClient(stage.client());
});
afterAll(async () => {
  client.destroy();
  await stage.close();
});

/** What the durable function has heard. */
let heard: unknown[];
let stop: () => void;
let number = 0;
/** Of each test another. */
let id: string;
beforeEach(() => {
  heard = [];
  id = Buffer.from(`callback ${number++} >?`).toString('base64');
  stop = serve();
});
afterEach(() => {
  stop();
});

const serve = (has?: (callbackId: string) => boolean) =>
  stage.lambda.durableCallbacks.serve({
    functionName: 'nightly',
    ...(has && { has }),
    succeed: (...told) => Promise.resolve(heard.push(['succeed', ...told])),
    fail: (...told) => Promise.resolve(heard.push(['fail', ...told])),
    heartbeat: (...told) => Promise.resolve(heard.push(['heartbeat', ...told])),
  });

const succeed = (callbackId = id, Result?: string, by = client) =>
  by.send(
    new SendDurableExecutionCallbackSuccessCommand({
      CallbackId: callbackId,
      ...(Result !== undefined && { Result: Buffer.from(Result) }),
    }),
  );
const fail = (callbackId = id, Error?: object) =>
  client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId: callbackId, ...(Error && { Error }) }));
const beat = (callbackId = id) =>
  client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId: callbackId }));
const refusalOf = (call: Promise<unknown>) => call.then(() => 'taken').catch((error: Error) => error.name);

describe('a callback of a durable function that runs elsewhere', () => {
  it.each(['{"a":"ä"}', undefined])('is completed with the result %j', async (result) => {
    await beat();
    await succeed(id, result);

    expect(heard).toEqual([
      ['heartbeat', id],
      ['succeed', id, result],
    ]);
  });

  it.each([{ ErrorType: 'FAILED', ErrorMessage: 'no', ErrorData: '{}', StackTrace: ['a'] }, undefined])(
    'fails with the error %j',
    async (error) => {
      await fail(id, error);

      expect(heard).toEqual([['fail', id, error ?? {}]]);
    },
  );

  it('is told whole, whatever its id holds', async () => {
    await succeed(CallbackId);

    expect(heard).toEqual([['succeed', CallbackId, undefined]]);
  });

  it('takes one answer, also of two at once', async () => {
    const both = await Promise.all([refusalOf(succeed()), refusalOf(fail())]);

    expect(both.sort()).toEqual(['CallbackTimeoutException', 'taken']);
    expect([await refusalOf(succeed()), await refusalOf(fail()), await refusalOf(beat())]).toEqual(
      Array(3).fill('CallbackTimeoutException'),
    );
    expect(heard).toHaveLength(1);
  });

  it('takes none once its time is over', async () => {
    stage.lambda.durableCallbacks.expire(id);

    expect(await refusalOf(succeed())).toBe('CallbackTimeoutException');
    expect(heard).toEqual([]);
  });

  it('is not known where it is of no execution, or nobody serves it', async () => {
    stop();
    expect(await refusalOf(succeed())).toBe('ResourceNotFoundException');
    stop = serve((callbackId) => callbackId !== id);

    expect(await refusalOf(beat())).toBe('ResourceNotFoundException');
  });

  it('is refused for an id that is none, and a result that is too large', async () => {
    const refusals = [succeed('no id'), succeed('A'.repeat(1_025)), succeed(id, 'x'.repeat(262_145))];

    expect(await Promise.all(refusals.map(refusalOf))).toEqual(Array(3).fill('InvalidParameterValueException'));
    expect(await refusalOf(succeed(id, 'x'.repeat(262_144)))).toBe('taken');
  });

  it('stays open where its function fails to take the answer', async () => {
    stop();
    let fails = true;
    stop = stage.lambda.durableCallbacks.serve({
      functionName: 'nightly',
      succeed: () => (fails ? Promise.reject(new Error('no')) : Promise.resolve()),
      fail: () => Promise.resolve(),
      heartbeat: () => Promise.resolve(),
    });
    const once = new LambdaClient({ ...stage.client(), maxAttempts: 1 });

    expect(await refusalOf(succeed(id, '', once))).not.toBe('taken');
    fails = false;
    expect(await refusalOf(succeed(id, '', once))).toBe('taken');
    once.destroy();
  });

  it.each([
    ['arn:aws:lambda:eu-central-1:*:function:nightly:*', 'taken'],
    ['arn:aws:lambda:eu-central-1:*:function:nightly', 'AccessDeniedException'],
    ['arn:aws:lambda:eu-central-1:*:function:other:*', 'AccessDeniedException'],
  ])('may be completed by who may on %s: %s', async (Resource, outcome) => {
    const Action = 'lambda:SendDurableExecutionCallbackSuccess';
    const role = addRole(stage, 'sender', { Effect: 'Allow', Action, Resource });
    const sender = new LambdaClient(stage.client(sessionOf(stage, role)));

    expect(await refusalOf(succeed(id, undefined, sender))).toBe(outcome);
    sender.destroy();
  });
});
