import { describe, expect, it } from 'vitest';
import { awsFailureOf, callbackRefusalOf, heartbeatRefusalOf } from '../../src/index.ts';

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

  it.each([
    ['CallbackTimeoutException', 400, 'gone'],
    ['ResourceNotFoundException', 404, 'unknown'],
    ['InvalidParameterValueException', 400, 'unknown'],
    ['TooManyRequestsException', 429, undefined],
    ['AccessDeniedException', 403, undefined],
    ['ServiceException', 500, undefined],
  ])('%s says of a callback: %s', (name, httpStatusCode, expected) => {
    expect(callbackRefusalOf(awsFailureOf({ name, message: 'no', $metadata: { httpStatusCode } }))).toBe(expected);
  });
});
