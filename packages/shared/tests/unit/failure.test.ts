import { describe, expect, it } from 'vitest';
import {
  ConcurrentExecution,
  InvalidRequest,
  MalformedMessage,
  PreviousExecutionNotFound,
  ResponseTooLarge,
  StartInProgress,
  StartUncertain,
  TaskerError,
} from '../../src/index.ts';

describe('an error of ours', () => {
  it.each([
    [new InvalidRequest('action', 'is required', 'nothing'), 'InvalidRequest', false],
    [new PreviousExecutionNotFound('no'), 'PreviousExecutionNotFound', false],
    [new StartInProgress('no'), 'StartInProgress', true],
    [new ConcurrentExecution('no'), 'ConcurrentExecution', true],
    [new StartUncertain('no'), 'StartUncertain', false],
    [new ResponseTooLarge('no'), 'ResponseTooLarge', false],
    [new MalformedMessage('item.owner', 'must be a string'), 'MalformedMessage', false],
  ])('%s has a name to catch, and tells whether a retry helps: %s, %s', (error, name, retryable) => {
    expect(error).toBeInstanceOf(TaskerError);
    expect(error).toMatchObject({ name, retryable });
  });

  it('about a request says which field is at fault, why, and what it held', () => {
    expect(new InvalidRequest('action', 'is required', 'nothing')).toMatchObject({
      field: 'action',
      received: 'nothing',
      message: 'action: is required; received nothing',
    });
  });

  it('about a message says where and why', () => {
    expect(new MalformedMessage('item.owner', 'must be a string')).toMatchObject({
      where: 'item.owner',
      message: 'item.owner: must be a string',
    });
  });
});
