import { TaskerError } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { CallbackNotBuilt, HeldBack, ItemKeepsChanging, TimeUp, UnreadableItem } from '../../src/errors.ts';

describe('an error of the completer', () => {
  it.each([
    ['UnreadableItem', () => new UnreadableItem('no')],
    ['CallbackNotBuilt', () => new CallbackNotBuilt('email')],
    ['ItemKeepsChanging', () => new ItemKeepsChanging('no')],
    ['TimeUp', () => new TimeUp('no')],
    ['HeldBack', () => new HeldBack('no')],
  ])('has the name %s, and may be no more later', (name, make) => {
    const error = make();

    expect(error).toBeInstanceOf(TaskerError);
    expect(error).toMatchObject({ name, retryable: true });
  });

  it('about a callback says of which type', () => {
    expect(new CallbackNotBuilt('email').message).toBe('callbacks of type email are not built yet');
  });
});
