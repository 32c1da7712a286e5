import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientTokenOf,
  decodeTrackingItem,
  type ExecuteRequest,
  encodeTrackingItem,
  MalformedMessage,
  trackingKeyOf,
} from '../../src/index.ts';
import { trackingItem } from '../helpers/arbitraries.ts';
import { ATTEMPT, CANARIES, EXECUTION, FORBIDDEN } from '../helpers/canaries.ts';
import { ITEM } from '../helpers/examples.ts';
import { failureIn, toldBy } from '../helpers/failure-of.ts';
import { DURABLE_EXECUTION } from '../helpers/request-rows-durable.ts';

describe('a tracking item', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(trackingItem, (item) => {
        expect(decodeTrackingItem(encodeTrackingItem(item))).toEqual(item);
      }),
    );
  });

  it('is in the index of what is open until it is closed', () => {
    fc.assert(
      fc.property(trackingItem, (item) => {
        expect('open' in encodeTrackingItem(item)).toBe(item.status !== 'closed');
      }),
    );
  });

  it.each([
    ['comes due by its age', {}, 'open'],
    ['is watched once it is being cancelled', { status: 'cancelling' as const }, 'watched'],
    ['is watched once its task is gone', { goneSince: 5 }, 'watched'],
    ['is watched where its task wants heartbeats', { heartbeatSeconds: 600 }, 'watched'],
    ['is watched where it may not run for ever', { maxRuntimeSeconds: 60 }, 'watched'],
  ])('%s', (_case, changes, part) => {
    expect(encodeTrackingItem({ ...ITEM, ...changes })).toMatchObject({ open: part });
  });

  it('keeps what a newer version has added', () => {
    const newer = {
      ...encodeTrackingItem(ITEM),
      contractVersion: 2,
      lockName: 'nightly',
      attempt: { ...ATTEMPT, more: 1 },
    };

    expect(decodeTrackingItem(newer)).toMatchObject({ lockName: 'nightly', attempt: { more: 1 } });
  });

  it.each(Object.keys(ITEM).filter((name) => !['attempt', 'statementId'].includes(name)))(
    'without %s is malformed, and the error names it',
    (name) => {
      const { [name]: _removed, ...rest } = ITEM;

      const error = failureIn(() => decodeTrackingItem(rest));

      expect(error).toBeInstanceOf(MalformedMessage);
      expect(error.message).toMatch(new RegExp(`^item\\.${name}(\\.type)?: .*received nothing$`));
    },
  );

  it.each([
    [
      { ...ITEM, status: 'parked' },
      'item.status: must be "starting" or "submitted" or "cancelling" or "closed"; received "parked"',
    ],
    [{ ...ITEM, generation: '1' }, 'item.generation: must be a number; received "1"'],
    [{ ...ITEM, adopts: { generation: 1 } }, 'item.adopts.invocationKey: must be a string; received nothing'],
    [
      { ...ITEM, outcome: 'LOST' },
      'item.outcome: must be "FINISHED" or "FAILED" or "ABORTED" or "REFUSED" or "UNKNOWN"; received "LOST"',
    ],
    [undefined, 'item: must be an object; received nothing'],
  ])('of another form is malformed: %#', (attributes, message) => {
    expect(failureIn(() => decodeTrackingItem(attributes)).message).toBe(message);
  });

  it('tells no secret when it is malformed', () => {
    const secrets = { type: 'stepFunctions', taskToken: CANARIES.taskToken };
    const malformed = [
      ...Object.keys(ITEM).map((name) => ({ ...ITEM, [name]: [CANARIES.taskToken] })),
      ...Object.keys(ITEM)
        .map((name) => ({ ...ITEM, [name]: secrets }))
        .filter(({ callback }) => callback !== secrets),
      { ...ITEM, status: CANARIES.taskToken },
      { ...ITEM, callback: { ...secrets, type: 'unknown' } },
      { ...ITEM, callback: { type: 'cloudFormation', responseUrl: CANARIES.responseUrl } },
      { ...ITEM, callback: { type: CANARIES.taskToken } },
    ];

    const told = malformed.map((attributes) => toldBy(failureIn(() => decodeTrackingItem(attributes)))).join('\n');

    expect(FORBIDDEN.filter((secret) => told.includes(secret))).toEqual([]);
  });
});

const REQUEST: ExecuteRequest = {
  action: 'executeStatement',
  sqlStatement: 'select 1',
  parameters: { a: '1', b: '2' },
  callback: { type: 'stepFunctions', taskToken: 'token' },
  executionArn: EXECUTION,
  attempt: ATTEMPT,
};

describe('the key of a request', () => {
  it('has the execution as owner, and 32 hexadecimal characters', () => {
    expect(trackingKeyOf(REQUEST, 'r1')).toEqual({
      owner: EXECUTION,
      invocationKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('is the same for the same attempt, whatever the invocation and the order of parameters', () => {
    const repeated = { ...REQUEST, parameters: { b: '2', a: '1' } };

    expect(trackingKeyOf(repeated, 'r2')).toEqual(trackingKeyOf(REQUEST, 'r1'));
  });

  it.each<[string, Partial<ExecuteRequest>]>([
    ['state', { attempt: { ...ATTEMPT, state: 'Other' } }],
    ['entered time', { attempt: { ...ATTEMPT, enteredTime: '2026-01-05T06:07:08.901Z' } }],
    ['retry count', { attempt: { ...ATTEMPT, retryCount: 1 } }],
    ['redrive count', { attempt: { ...ATTEMPT, redriveCount: 1 } }],
    ['SQL', { sqlStatement: 'select 2' }],
    ['parameter', { parameters: { a: '1', b: '3' } }],
    ['token', { callback: { type: 'stepFunctions', taskToken: 'other' } }],
    ['execution', { executionArn: `${EXECUTION}0` }],
  ])('is another for another %s', (_, changes) => {
    expect(trackingKeyOf({ ...REQUEST, ...changes }, 'r1')).not.toEqual(trackingKeyOf(REQUEST, 'r1'));
  });

  it('of an old payload, which carries no attempt, is its token', () => {
    const { attempt: _attempt, ...old } = REQUEST;

    expect(trackingKeyOf({ ...old, sqlStatement: 'select 2' }, 'r2')).toEqual(trackingKeyOf(old, 'r1'));
    expect(trackingKeyOf({ ...old, callback: { type: 'stepFunctions', taskToken: 'other' } }, 'r1')).not.toEqual(
      trackingKeyOf(old, 'r1'),
    );
  });

  it('under an idempotency key is that key, whoever asks, and for whatever', () => {
    const request = { ...REQUEST, idempotencyKey: 'nightly' };
    const { attempt: _attempt, executionArn: _executionArn, ...adhoc } = request;
    const key = trackingKeyOf(request, 'r1');

    expect(key.owner).toBe('key-nightly');
    expect(trackingKeyOf({ ...adhoc, callback: { type: 'none' }, sqlStatement: 'select 2' }, 'r2')).toEqual(key);
    expect(trackingKeyOf({ ...request, idempotencyKey: 'daily' }, 'r1')).not.toEqual(key);
  });

  it('of a request that nobody waits for is its invocation, which Lambda repeats', () => {
    const adhoc: ExecuteRequest = {
      action: 'executeStatement',
      sqlStatement: 'select 1',
      parameters: {},
      callback: { type: 'none' },
    };

    expect(trackingKeyOf(adhoc, 'r1')).toEqual(trackingKeyOf(adhoc, 'r1'));
    expect(trackingKeyOf(adhoc, 'r1').owner).toBe('adhoc-r1');
    expect(trackingKeyOf(adhoc, 'r2')).not.toEqual(trackingKeyOf(adhoc, 'r1'));
  });
});

describe('the key of a request of a durable function', () => {
  const callback = { type: 'durableFunction', callbackId: CANARIES.callbackId } as const;
  const request: ExecuteRequest = { action: 'executeStatement', sqlStatement: 'select 1', parameters: {}, callback };

  it('is its callback, whose id it does not tell', () => {
    const key = trackingKeyOf(request, 'r1');

    expect(trackingKeyOf({ ...request, sqlStatement: 'select 2' }, 'r2')).toEqual(key);
    expect(key.owner).toMatch(/^durable-[0-9a-f]{32}$/);
    expect(JSON.stringify(key)).not.toContain('canary');
    expect(trackingKeyOf({ ...request, callback: { ...callback, callbackId: 'b3RoZXI=' } }, 'r1')).not.toEqual(key);
  });

  it('has the execution as owner, if that is told, or the idempotency key', () => {
    const inExecution = trackingKeyOf({ ...request, executionArn: DURABLE_EXECUTION }, 'r1');

    expect(inExecution.owner).toBe(DURABLE_EXECUTION);
    expect(inExecution.invocationKey).toBe(trackingKeyOf(request, 'r2').invocationKey);
    expect(trackingKeyOf({ ...request, idempotencyKey: 'nightly' }, 'r1').owner).toBe('key-nightly');
  });
});

describe('keys and client tokens', () => {
  const { attempt: _attempt, ...old } = REQUEST;
  const { executionArn: _executionArn, ...adhoc } = { ...old, callback: { type: 'none' } as const };

  it.each([
    ['an attempt', REQUEST, 'ba3ed9bfc8d9cbdc94f656e0923f2315'],
    [
      'an attempt without a task',
      { ...REQUEST, callback: { type: 'none' } as const },
      '9927d51bc63a0fc097ae6319d3491be7',
    ],
    ['an old payload', old, '0e2b6bb96a6bdf68c0b45ee10ecebbb7'],
    ['an ad-hoc request', adhoc, 'd048a1f8c342eec5ff8f47de37fffeeb'],
    ['an idempotency key', { ...REQUEST, idempotencyKey: 'nightly' }, '3d32df52a94d010c9bb8e1b66cbfdd0d'],
  ])('of %s are the same in every version', (_what, request, key) => {
    expect(trackingKeyOf(request, 'r1').invocationKey).toBe(key);
  });

  it('of an item are the same in every version', () => {
    expect(clientTokenOf({ owner: 'o', invocationKey: 'k', generation: 1 })).toBe(
      '8e173cb3adecdc071c6f5fa37677a474e19354dfaaf7a348e60ae5850f97f227',
    );
  });
});

describe('a client token', () => {
  it('repeats for the same start, changes with the generation, and fits the Data API', () => {
    const later = { ...ITEM, startDeadline: 0 };
    expect(clientTokenOf(ITEM)).toBe(clientTokenOf(later));
    expect(clientTokenOf({ ...ITEM, generation: 2 })).not.toBe(clientTokenOf(ITEM));
    expect(clientTokenOf({ ...ITEM, generation: 2, startGeneration: 1 })).toBe(clientTokenOf(ITEM));
    expect(clientTokenOf({ ...ITEM, invocationKey: 'f' })).not.toBe(clientTokenOf(ITEM));
    expect(clientTokenOf(ITEM)).toMatch(/^[0-9a-f]{64}$/);
  });
});
