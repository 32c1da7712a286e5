import { describe, expect, it } from 'vitest';
import { toCompletionMessage } from '../../src/completion-message.ts';
import { orderKeyOf } from '../../src/settle-message.ts';
import { eventOf, recordOf, STATEMENT_NAME } from '../helpers/fixtures.ts';

const keyOf = (content: unknown) => orderKeyOf(toCompletionMessage(recordOf(content)));

describe('messages are settled one after another', () => {
  it('that are about one statement', () => {
    expect(keyOf(eventOf('FINISHED'))).toBe(STATEMENT_NAME);
    expect(keyOf(eventOf('ABORTED'))).toBe(STATEMENT_NAME);
  });

  it('that are copies of each other, whatever they say', () => {
    expect(keyOf('garbage')).toBe('garbage');
    expect(keyOf('other garbage')).toBe('other garbage');
  });
});
