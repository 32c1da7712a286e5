import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const fuzz = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=@sfn-redshift/source', MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });

describe('the command', () => {
  it.each([
    [['--cases', '0'], '--cases must be a whole number, at least 1; received "0"'],
    [['--cases', '1.5'], '--cases must be a whole number, at least 1; received "1.5"'],
    [['--cases', ''], '--cases must be a whole number, at least 1; received ""'],
    [['--seed', 'x'], '--seed must be a whole number, at least -2147483648; received "x"'],
    [['--case', '7'], "Unknown option '--case'"],
    [['7'], "Unexpected argument '7'"],
  ])('refuses %j, says why, and ends with 2', async (args, reason) => {
    const { code, stdout, stderr } = await fuzz(...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`fuzz: ${reason}`);
    expect(stderr).toContain('Usage: npm run fuzz');
  });

  it('tells the seed, what came of each property, and in its last line how many cases passed and failed', async () => {
    const { code, stdout } = await fuzz('--cases', '30', '--seed', '7');
    const lines = stdout.trim().split('\n');

    expect(lines[0]).toBe('seed 7');
    expect(lines[1]).toMatch(/^shared: requests +\d+ passed$/);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
    expect(code).toBe(0);
  });
});
