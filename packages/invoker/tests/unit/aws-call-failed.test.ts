import { awsFailureOf, InvalidRequest } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { AwsCallFailed, attemptsOf, callerErrorOf } from '../../src/aws-call-failed.ts';
import { sdkError } from '../helpers/fake-data-api.ts';

describe('a call to AWS that failed', () => {
  it.each([
    ['ValidationException', 400, 'refused', false],
    ['ThrottlingException', 400, 'throttled', true],
    ['InternalServerException', 500, 'uncertain', true],
  ])('is told by its name, %s (%d), and by whether a repeat may help', (name, status, kind, retryable) => {
    expect(new AwsCallFailed(awsFailureOf(sdkError(name, 'no', status)))).toMatchObject({
      name,
      message: 'no',
      kind,
      retryable,
      requestId: 'aws-request-1',
    });
  });

  it('tells no credential that its text quotes, nor what else is to be hidden', () => {
    const failure = awsFailureOf(sdkError('ValidationException', "alter user etl password 'secret' of canary", 400));

    expect(new AwsCallFailed(failure).message).toBe("alter user etl password '***' of canary");
    expect(new AwsCallFailed(failure, (text) => text.replace('canary', '***')).message).toContain('of ***');
  });

  it('was sent as often as the SDK says, else once', () => {
    expect(attemptsOf(sdkError('TimeoutError', 'no', undefined, 3))).toBe(3);
    expect(attemptsOf({ $metadata: {} })).toBe(1);
    expect(attemptsOf(new Error('no'))).toBe(1);
  });
});

describe('what the caller is told', () => {
  it('of an error of ours is that error', () => {
    const error = new InvalidRequest('action', 'is required', 'nothing');

    expect(callerErrorOf(error)).toBe(error);
  });

  it("of an exception of the SDK's is its name and text alone", () => {
    const error = Object.assign(sdkError('InternalServerError', 'down', 500), { Item: 'canary' });

    expect(callerErrorOf(error)).toBeInstanceOf(AwsCallFailed);
    expect(callerErrorOf(error)).toMatchObject({ name: 'InternalServerError', message: 'down' });
    expect(JSON.stringify(callerErrorOf(error))).not.toContain('canary');
  });

  it('of any other error is that error', () => {
    const error = new TypeError('a bug');

    expect(callerErrorOf(error)).toBe(error);
  });

  it.each([['a text'], [null], [undefined], [7]])('of %j, which is no error, is its text', (thrown) => {
    expect(callerErrorOf(thrown)).toEqual(new Error(String(thrown)));
  });
});
