import type { Message } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import { MessageBatcher } from '../../../src/lambda/message-batcher.ts';

let clock: StageClock;
let handed: string[];
beforeEach(() => {
  clock = new StageClock();
  handed = [];
});
afterEach(() => clock.stop());

const batcher = (size: number, windowMs: number) =>
  new MessageBatcher({
    size,
    windowMs,
    clock,
    bytesOf: ({ Body = '' }) => Number(/\d+/.exec(Body) ?? 1),
    hand: (batch) => void handed.push(batch.map(({ Body }) => Body).join(' ')),
  });
const messages = (...bodies: readonly string[]): Message[] => bodies.map((Body) => ({ Body }));

describe('MessageBatcher', () => {
  it('hands over at once what comes together, without a window', () => {
    // Prepare
    const gathering = batcher(10, 0);

    // Act
    gathering.add(messages('a', 'b'));
    gathering.add([]);
    gathering.add(messages('c'));

    // Assess
    expect(handed).toEqual(['a b', 'c']);
  });

  it('gathers over its window, which begins with the first message', () => {
    // Prepare
    const gathering = batcher(10, 60_000);
    gathering.add(messages('a'));
    clock.advance(40_000);
    gathering.add(messages('b'));
    const before = [...handed];

    // Act
    clock.advance(20_000);

    // Assess
    expect([before, handed]).toEqual([[], ['a b']]);
  });

  it('hands over a full batch before its window is', () => {
    // Prepare
    const gathering = batcher(3, 60_000);
    gathering.add(messages('a'));
    const { room } = gathering;

    // Act
    gathering.add(messages('b', 'c'));
    gathering.add(messages('d'));
    clock.advance(30_000);

    // Assess
    expect([room, handed, gathering.room]).toEqual([2, ['a b c'], 2]);
  });

  it('hands over before an event is too large', () => {
    // Prepare
    const gathering = batcher(10, 60_000);

    // Act
    gathering.add(messages('a 4000000'));
    gathering.add(messages('b 4000000', 'c 1000'));

    // Assess
    expect(handed).toEqual(['a 4000000']);
  });

  it('hands over nothing more when it is closed', () => {
    // Prepare
    const gathering = batcher(10, 60_000);
    gathering.add(messages('a'));

    // Act
    gathering.close();
    clock.advance(60_000);

    // Assess
    expect(handed).toEqual([]);
  });
});
