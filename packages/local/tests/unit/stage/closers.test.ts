import { describe, expect, it } from 'vitest';
import { Closers } from '../../../src/stage/closers.ts';

describe('Closers', () => {
  const withOrder = () => {
    const order: string[] = [];
    const closers = new Closers();
    const add = (name: string, end: () => void = () => undefined) =>
      closers.add(() => {
        order.push(name);
        end();
      });
    return { order, closers, add };
  };

  it('ends what was started last first', async () => {
    const { order, closers, add } = withOrder();
    add('first');
    add('second');
    await closers.close();
    expect(order).toEqual(['second', 'first']);
  });

  it('ends everything, and then throws the first error', async () => {
    const { order, closers, add } = withOrder();
    add('first', () => {
      throw new Error('later');
    });
    add('second', () => {
      throw new Error('sooner');
    });
    await expect(closers.close()).rejects.toThrow('sooner');
    expect(order).toEqual(['second', 'first']);
  });

  it('ends things once, however often it is called', async () => {
    const { order, closers, add } = withOrder();
    add('only');
    await Promise.all([closers.close(), closers.close()]);
    expect(order).toEqual(['only']);
  });
});
