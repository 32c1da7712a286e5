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
    ['InvalidRequest', () => new InvalidRequest('action', 'is required', 'nothing'), false],
    ['PreviousExecutionNotFound', () => new PreviousExecutionNotFound('no'), false],
    ['StartInProgress', () => new StartInProgress('no'), true],
    ['ConcurrentExecution', () => new ConcurrentExecution('no'), true],
    ['StartUncertain', () => new StartUncertain('no'), false],
    ['ResponseTooLarge', () => new ResponseTooLarge('no'), false],
    ['MalformedMessage', () => new MalformedMessage('item.owner', 'must be a string'), false],
  ])('has the name %s, and tells whether a retry helps', (name, make, retryable) => {
    const error = make();

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
