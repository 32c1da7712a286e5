import { describe, expect, it } from 'vitest';
import { encodeStatementName } from '../../src/statement-name.ts';
import { threadOf, threadOfName } from '../../src/thread.ts';

const KEY = '5f2b8c1d9e3a4f60718293a4b5c6d7e8';
const STANDARD = 'arn:aws:states:eu-central-1:123456789012:execution:load:nightly-1';
const EXPRESS = 'arn:aws-cn:states:cn-north-1:123456789012:express:load:nightly-2:0d4f7f8e';
const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/Warehouse/0d4f7f8e-8f3a';
const attempt = { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount: 0, redriveCount: 0 };

describe('the thread of a statement', () => {
  it.each([
    [
      { owner: STANDARD, attempt },
      { executionName: 'nightly-1', stateName: 'Load' },
    ],
    [{ owner: STANDARD }, { executionName: 'nightly-1' }],
    [{ owner: EXPRESS }, { executionName: 'nightly-2' }],
    [
      { owner: 'key-load', executionArn: STANDARD, attempt },
      { executionName: 'nightly-1', stateName: 'Load' },
    ],
    [{ owner: `${STACK}/Orders` }, { stackName: 'Warehouse', logicalResourceId: 'Orders' }],
    [{ owner: 'adhoc-1' }, {}],
    [{ owner: 'key-load' }, {}],
  ])('of %j leads to %j', (item, told) => {
    expect(threadOf({ ...item, invocationKey: KEY })).toEqual({ ...told, invocationKey: KEY });
  });

  it('is found by its name, but for the state', () => {
    const name = encodeStatementName('tasker-1a2b/', { owner: STANDARD, invocationKey: KEY });

    expect(threadOfName(name)).toEqual({ executionName: 'nightly-1', invocationKey: KEY });
  });

  it.each(['', 'adhoc', 'tasker-1a2b/', `tasker-1a2b/${KEY}`, `tasker-1a2b/${KEY}/`, `a/b/${KEY}/x`])(
    'is not found by a name that is none of ours: %j',
    (name) => {
      expect(threadOfName(name)).toBeUndefined();
    },
  );
});
