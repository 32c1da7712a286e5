import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCore, type StageCore } from '../../../src/stage/core.ts';
import { account, recordingService } from '../../helpers/gateway.ts';

let core: StageCore;
beforeEach(async () => {
  core = createCore(account, { seed: 5 });
  core.gateway.register(recordingService('dynamodb', () => ({ TableNames: [] })));
  core.gateway.register(recordingService('sqs', () => ({ QueueUrls: [] })));
  await core.gateway.listen();
});
afterEach(() => core.closers.close());

const request = async (method: string, path: string, body?: unknown) => {
  const url = `${core.gateway.endpoint}/_stage/${path}`;
  const answer = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
};
const admin = { type: 'administrator', arn: 'arn:aws:iam::123456789012:root' } as const;
const call = (service: 'dynamodb' | 'sqs', operation: string) =>
  core.gateway.call({ caller: admin, service, operation, input: { secret: 'canary' } }).catch(() => undefined);

describe('/_stage/faults', () => {
  it('takes faults, lists them with the seed and what they met, shows and removes them', async () => {
    const given = await request('POST', 'faults', {
      on: 'call',
      operation: { pattern: '^list', flags: 'i' },
      do: 'throttle',
      nth: 2,
    });
    for (let i = 0; i < 3; i++) await call('dynamodb', 'ListTables');
    const shown = await request('GET', 'faults/fault-1');
    const listed = await request('GET', 'faults');
    const removed = await request('DELETE', 'faults/fault-1');
    const again = await request('DELETE', 'faults/fault-1');

    const fault = { on: 'call', operation: { pattern: '^list', flags: 'i' }, do: 'throttle', nth: 2, id: 'fault-1' };
    expect(given).toEqual({ status: 200, body: { ...fault, matched: 0, used: 0 } });
    expect(shown).toEqual({ status: 200, body: { ...fault, matched: 3, used: 1 } });
    expect(listed.body).toEqual({ seed: 5, faults: [shown.body] });
    expect(removed).toEqual({ status: 204, body: undefined });
    expect(again).toMatchObject({ status: 404, body: { __type: 'ResourceNotFoundException' } });
  });

  it('removes all faults at once', async () => {
    await request('POST', 'faults', { on: 'call', do: 'hang' });
    await request('POST', 'faults', { on: 'event', do: 'drop' });
    expect((await request('DELETE', 'faults')).status).toBe(204);
    expect((await request('GET', 'faults')).body).toEqual({ seed: 5, faults: [] });
  });

  it.each([
    [{}, 'on must be one of call, event, message; received undefined'],
    [
      { on: 'call', do: 'explode' },
      'do must be one of fail, throttle, serverError, disconnect, hang, delay, kill; received "explode"',
    ],
    [
      { on: 'call', do: 'hang', caller: { pattern: '(' } },
      'caller.pattern must be a regular expression, caller.flags its flags; received {"pattern":"("}',
    ],
    [{ on: 'call', do: 'hang', caller: 7 }, 'caller must be a text or a regular expression; received 7'],
    [
      { on: 'event', do: 'drop', pattern: { source: 1 } },
      'Event pattern is not valid. Reason: "source" must be an object or an array',
    ],
  ])('refuses %j', async (fault, message) => {
    const { status, body } = await request('POST', 'faults', fault);
    expect(status).toBe(400);
    expect(body?.message).toContain(message);
  });
});

describe('/_stage/calls', () => {
  it('tells what was called, by whom, and how it ended; nothing of what was said', async () => {
    core.disturbances.faults.add({ on: 'call', do: 'throttle', service: 'sqs' });
    await call('dynamodb', 'ListTables');
    await call('sqs', 'ListQueues');
    const { body } = await request('GET', 'calls');
    expect(body).toEqual({
      calls: [
        {
          id: 1,
          startOrder: 1,
          time: expect.any(Number) as number,
          service: 'dynamodb',
          operation: 'ListTables',
          caller: admin.arn,
          outcome: 'ok',
          durationMs: expect.any(Number) as number,
          requestBytes: 19,
          responseBytes: 17,
          via: 'stage',
        },
        expect.objectContaining({ id: 2, startOrder: 2, outcome: 'RequestThrottled', fault: 'fault-1' }) as unknown,
      ],
      latestId: 2,
    });
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it.each([
    ['service=sqs', [2]],
    ['operation=ListTables', [1, 3]],
    ['operation=ListTables&after=1', [3]],
    ['limit=2', [1, 2]],
    ['caller=nobody', []],
    [`caller=${encodeURIComponent(admin.arn)}&outcome=ok`, [1, 2, 3]],
  ])('?%s gives the calls %j', async (query, ids) => {
    await call('dynamodb', 'ListTables');
    await call('sqs', 'ListQueues');
    await call('dynamodb', 'ListTables');
    const { body } = await request('GET', `calls?${query}`);
    expect((body?.calls as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    [
      'operatoin=x',
      'operatoin is no parameter here; they are service, operation, caller, outcome, fault, after, limit',
    ],
    ['after=x', 'after must be a whole number of at least 0; received "x"'],
    ['limit=-1', 'limit must be a whole number of at least 0; received "-1"'],
  ])('refuses ?%s', async (query, message) => {
    expect(await request('GET', `calls?${query}`)).toMatchObject({
      status: 400,
      body: { __type: 'ValidationException', message },
    });
  });

  it('forgets, and goes on counting', async () => {
    await call('dynamodb', 'ListTables');
    await request('DELETE', 'calls');
    await call('sqs', 'ListQueues');
    expect((await request('GET', 'calls')).body).toMatchObject({ calls: [{ id: 2 }], latestId: 2 });
  });
});

describe('The record of calls', () => {
  it('numbers calls by their ends, and tells the order of their beginnings', async () => {
    const slow = core.disturbances.faults.add({ on: 'call', operation: 'ListTables', do: 'delay', delayMs: 1000 });
    const first = call('dynamodb', 'ListTables');
    await slow.hasHit();
    await call('sqs', 'ListQueues');
    core.clock.advance(1000);
    await first;
    const order = core.gateway.calls.entries().map(({ operation, startOrder }) => [operation, startOrder]);
    expect(order).toEqual([
      ['ListQueues', 2],
      ['ListTables', 1],
    ]);
  });

  it('can be waited on: what is there counts, and what comes', async () => {
    const { calls } = core.gateway;
    await call('dynamodb', 'ListTables');
    const both = calls.waitFor({ operation: 'ListTables' }, { count: 2 });
    const next = calls.waitFor((record) => record.operation === 'ListTables' && record.id > 1);
    await call('sqs', 'ListQueues');
    await call('dynamodb', 'ListTables');
    expect((await both).map(({ id }) => id)).toEqual([1, 3]);
    expect((await next).map(({ id }) => id)).toEqual([3]);
  });

  it('is given up waiting for when told to', async () => {
    const patience = new AbortController();
    const waiting = core.gateway.calls.waitFor({ operation: 'Never' }, { signal: patience.signal });
    patience.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(core.gateway.calls.waitFor({}, { signal: patience.signal })).rejects.toThrow('enough');
  });

  it('knows calls of HTTP as such, and the clients of roles by their names', async () => {
    const client = new DynamoDBClient({
      endpoint: core.gateway.endpoint,
      region: account.region,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await client.send(new ListTablesCommand({}));
    client.destroy();
    expect(core.gateway.calls.entries()).toMatchObject([{ via: 'http', caller: { type: 'administrator' } }]);
  });
});

describe('/_stage/messages', () => {
  it('wants a queue to make visible', async () => {
    expect(await request('POST', 'messages', {})).toMatchObject({
      status: 400,
      body: { message: 'makeVisible must be the name or the URL of a queue' },
    });
    expect((await request('POST', 'messages', { makeVisible: 'q' })).body).toEqual({ messages: 0 });
  });
});

describe('/_stage/clock', () => {
  it('tells the time and when the next thing falls due, and moves forward by or to', async () => {
    core.clock.after(60_000, () => undefined);
    const before = (await request('GET', 'clock')).body as { now: string; nextDue: string };
    expect(Date.parse(before.nextDue) - Date.parse(before.now)).toBeGreaterThan(50_000);
    const after = (await request('POST', 'clock', { to: before.nextDue })).body as { now: string };
    expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.nextDue));
    expect(after).not.toHaveProperty('nextDue');
    const later = (await request('POST', 'clock', { advanceMs: 3_600_000 })).body as { now: string };
    expect(Date.parse(later.now) - Date.parse(after.now)).toBeGreaterThanOrEqual(3_600_000);
  });

  it.each([
    [{}, 'either advanceMs or to must be given'],
    [{ advanceMs: 1, to: '2100-01-01T00:00:00Z' }, 'either advanceMs or to must be given'],
    [{ advanceMs: -1 }, 'advanceMs must be a whole number of milliseconds, not below 0; received -1'],
    [{ to: '2000-01-01T00:00:00Z' }, 'to must be a time in ISO 8601 that is not past; received "2000-01-01T00:00:00Z"'],
    [{ to: 5 }, 'to must be a time in ISO 8601 that is not past; received 5'],
    [{ advance: 5 }, 'advance is not known; advanceMs and to are'],
  ])('refuses %j', async (input, message) => {
    expect(await request('POST', 'clock', input)).toMatchObject({ status: 400, body: { message } });
  });
});
