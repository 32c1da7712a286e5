import { describe, expect, it } from 'vitest';
import { awsFailureOf } from '../../src/index.ts';

const thrown = (name: string, status?: number, message = 'no'): Error =>
  Object.assign(new Error(message), {
    name,
    $metadata: { ...(status !== undefined && { httpStatusCode: status }), requestId: 'r1' },
  });

describe('a failed AWS call', () => {
  it.each([
    ['ValidationException', 400],
    ['ResourceNotFoundException', 400],
    ['ResourceNotFoundException', 404],
    ['AccessDeniedException', 403],
    ['ExpiredTokenException', 403],
    ['ActiveStatementsExceededException', 400],
    ['ConditionalCheckFailedException', 400],
    ['TaskTimedOut', 400],
  ])('is refused after %s (%d)', (name, status) => {
    expect(awsFailureOf(thrown(name, status)).kind).toBe('refused');
  });

  it.each([
    ['ThrottlingException', 400],
    ['Throttling', 400],
    ['TooManyRequestsException', 429],
    ['RequestLimitExceeded', 503],
    ['ProvisionedThroughputExceededException', 400],
    ['KmsThrottlingException', 400],
    ['SlowDown', 503],
    ['AnyName', 429],
    ...['ThrottledException', 'TooManyRequestsException', 'RequestThrottled', 'RequestThrottledException'].map(
      (name): [string, number] => [name, 400],
    ),
    ...['RequestLimitExceeded', 'LimitExceededException', 'SlowDown', 'KmsThrottling', 'KmsThrottled'].map(
      (name): [string, number] => [name, 400],
    ),
  ])('is throttled after %s (%d)', (name, status) => {
    expect(awsFailureOf(thrown(name, status)).kind).toBe('throttled');
  });

  it.each([
    'Service returned error code ThrottlingException (Service: RedshiftServerless, Status Code: 400)',
    'Rate exceeded',
    'Too Many Requests',
    'TooMany Requests',
    'Too ManyRequests',
  ])('is throttled in disguise: %s', (message) => {
    expect(awsFailureOf(thrown('ValidationException', 400, message)).kind).toBe('throttled');
    expect(awsFailureOf(thrown('InternalServerException', 500, message)).kind).toBe('uncertain');
  });

  it('that is a throttle in disguise is named as one; others keep their names', () => {
    expect(awsFailureOf(thrown('ValidationException', 400, 'Rate exceeded')).name).toBe('ThrottlingException');
    expect(awsFailureOf(thrown('AnyName', 429)).name).toBe('ThrottlingException');
    expect(awsFailureOf(thrown('TooManyRequestsException', 429)).name).toBe('TooManyRequestsException');
    expect(awsFailureOf(thrown('InternalServerException', 500, 'Rate exceeded')).name).toBe('InternalServerException');
  });

  it.each([
    ['InternalServerException', 500],
    ['ExecuteStatementException', 500],
    ['ServiceUnavailable', 503],
    ['TimeoutError', undefined],
    ['SyntaxError', 200],
  ])('is uncertain after %s (%s)', (name, status) => {
    expect(awsFailureOf(thrown(name, status)).kind).toBe('uncertain');
  });

  it('keeps name, message, status and request id', () => {
    expect(awsFailureOf(thrown('ValidationException', 400, 'bad'))).toEqual({
      kind: 'refused',
      name: 'ValidationException',
      message: 'bad',
      status: 400,
      requestId: 'r1',
    });
  });

  it.each([
    [new TypeError('x'), { kind: 'uncertain', name: 'TypeError', message: 'x' }],
    ['text', { kind: 'uncertain', name: 'Error', message: 'text' }],
    [{}, { kind: 'uncertain', name: 'Error', message: '[object Object]' }],
  ])('may be anything: %o', (error, failure) => {
    expect(awsFailureOf(error)).toStrictEqual(failure);
  });
});
