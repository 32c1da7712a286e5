import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterEach, describe, expect, it } from 'vitest';
import { DemoProcess, demoOptions, leftBehind } from './helpers/demo-process.ts';
import { eventually } from './helpers/execution.ts';

const MOMENTS: readonly (readonly [says: string, signal: NodeJS.Signals, target: 'process' | 'group', code: number])[] =
  [
    ['Building', 'SIGTERM', 'process', 143],
    ['Synthesizing', 'SIGINT', 'group', 130],
    ['Running', 'SIGTERM', 'group', 143],
    ['CaughtFailure', 'SIGINT', 'process', 130],
  ];

describe('the demo, ended halfway', () => {
  const demos: DemoProcess[] = [];

  afterEach(() => {
    for (const demo of demos.splice(0)) demo.remove();
  });

  const startDemo = (...args: readonly string[]) => {
    const demo = new DemoProcess(...args);
    demos.push(demo);
    return demo;
  };

  it.each(MOMENTS)('at "%s" by %s to its %s, exits %i and leaves nothing', { timeout: 120_000 }, async (...moment) => {
    const [says, signal, target, code] = moment;
    const demo = startDemo();
    await demo.says(says);

    demo.kill(signal, target);

    await demo.exited;
    expect(demo.output).not.toContain('ten busiest');
    expect(leftBehind(demo.temporary)).toEqual([]);
    expect([code, null]).toContain(demo.child.exitCode);
  });

  it('by Ctrl-C in a terminal, leaves nothing', { timeout: 120_000 }, async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'sfn-redshift-pty-'));
    const { cwd, env } = demoOptions(temporary);
    const terminal = spawn('npm', ['run', 'demo'], { cwd, env, cols: 100, rows: 30 });
    let screen = '';
    terminal.onData((data) => (screen += data));
    const exited = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
    await eventually(() => Promise.resolve(screen.includes('CreateFlights') || undefined));

    terminal.write('\u0003');

    await exited;
    expect(screen).not.toContain('ten busiest');
    await eventually(() => Promise.resolve(leftBehind(temporary).length === 0 || undefined));
    rmSync(temporary, { recursive: true, force: true });
  });

  it('with --keep stays up until Ctrl-C, then exits 0 and leaves nothing', { timeout: 120_000 }, async () => {
    const demo = startDemo('--keep');
    await demo.says('AWS_ENDPOINT_URL=');

    demo.kill('SIGINT', 'group');

    expect(await demo.exited).toBe(0);
    expect(leftBehind(demo.temporary)).toEqual([]);
  });

  it('refuses a flag that it does not know, at once', async () => {
    const demo = startDemo('--keeep');

    expect(await demo.exited).toBe(2);
    expect(demo.output).toContain("Unknown option '--keeep'");
  });
});

describe('two demos at once', () => {
  it('do not disturb each other', { timeout: 180_000 }, async () => {
    const demos = [new DemoProcess(), new DemoProcess()];

    const codes = await Promise.all(demos.map(({ exited }) => exited));

    expect(demos.map(({ output }) => output).join('\n')).toMatch(/ATL\s+414,513[\s\S]*ORD\s+350,380/);
    expect(codes).toEqual([0, 0]);
    for (const { temporary } of demos) expect(leftBehind(temporary)).toEqual([]);
    for (const demo of demos) demo.remove();
  });
});
