import { TaskerError } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { HeldBack, ItemKeepsChanging, TimeUp, UnreadableItem } from '../../src/errors.ts';

describe('an error of the completer', () => {
  it.each([
    ['UnreadableItem', () => new UnreadableItem('no')],
    ['ItemKeepsChanging', () => new ItemKeepsChanging('no')],
    ['TimeUp', () => new TimeUp('no')],
    ['HeldBack', () => new HeldBack('no')],
  ])('has the name %s, and may be no more later', (name, make) => {
    const error = make();

    expect(error).toBeInstanceOf(TaskerError);
    expect(error).toMatchObject({ name, retryable: true });
  });
});
