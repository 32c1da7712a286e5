import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/lambda/sandbox/sandbox.ts';
import { SandboxPool } from '../../../src/lambda/sandbox-pool.ts';

const fakeSandbox = () => {
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
  const sandbox = { isAlive: true, exited, exit, terminate: () => Promise.resolve(exit()) };
  return sandbox as unknown as Sandbox & { isAlive: boolean; exit(): void };
};

describe('SandboxPool', () => {
  it('makes no more sandboxes than its size; who comes later waits for one', async () => {
    // Prepare
    let made = 0;
    const pool = new SandboxPool(2, () => (made++, fakeSandbox()));
    const [first] = [await pool.acquire(), await pool.acquire()];
    const third = pool.acquire();

    // Act
    pool.release(first);

    // Assess
    expect(await third).toBe(first);
    expect(made).toBe(2);
  });

  it('does not hand out a sandbox that broke down while it was free', async () => {
    // Prepare
    const made: ReturnType<typeof fakeSandbox>[] = [];
    const pool = new SandboxPool(2, () => made[made.push(fakeSandbox()) - 1] as Sandbox);
    const first = await pool.acquire();
    pool.release(first);
    Object.assign(first, { isAlive: false });

    // Act
    const second = await pool.acquire();

    // Assess
    expect(second).toBe(made[1]);
  });
});
