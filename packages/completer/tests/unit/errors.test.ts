import { TaskerError } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { CallbackNotBuilt, HeldBack, ItemKeepsChanging, TimeUp, UnreadableItem } from '../../src/errors.ts';

describe('an error of the completer', () => {
  it.each([
    [new UnreadableItem('no'), 'UnreadableItem'],
    [new CallbackNotBuilt('email'), 'CallbackNotBuilt'],
    [new ItemKeepsChanging('no'), 'ItemKeepsChanging'],
    [new TimeUp('no'), 'TimeUp'],
    [new HeldBack('no'), 'HeldBack'],
  ])('%s is logged by its name, and may be no more later', (error, name) => {
    expect(error).toBeInstanceOf(TaskerError);
    expect(error).toMatchObject({ name, retryable: true });
  });

  it('about a callback says of which type', () => {
    expect(new CallbackNotBuilt('email').message).toBe('callbacks of type email are not built yet');
  });
});
