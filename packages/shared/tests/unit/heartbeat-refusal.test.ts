import { describe, expect, it } from 'vitest';
import { awsFailureOf, heartbeatRefusalOf } from '../../src/index.ts';

describe('the refusal of a heartbeat', () => {
  it.each([
    ['TaskTimedOut', 'gone'],
    ['TaskDoesNotExist', 'unknown'],
    ['InvalidToken', 'unknown'],
    ['ThrottlingException', undefined],
    ['InternalFailure', undefined],
  ])('%s says of its task: %s', (name, expected) => {
    expect(heartbeatRefusalOf(awsFailureOf({ name, message: 'no', $metadata: { httpStatusCode: 400 } }))).toBe(
      expected,
    );
  });
});
