import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/sfn-redshift-local.mjs', import.meta.url));

/** What the command prints when it is ready. */
export interface Announcement {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly postgres: string;
  readonly stacks: Readonly<
    Record<string, { readonly outputs: Record<string, string>; readonly resources: Record<string, string> }>
  >;
}

export interface Running {
  readonly child: ChildProcess;
  /** The first line on standard output; undefined when it ends without one. */
  readonly firstLine: Promise<string | undefined>;
  /** The line of that number on standard output, from 0; undefined when it ends without. */
  readonly lineAt: (index: number) => Promise<string | undefined>;
  /** Resolves with the first line on standard error that holds the text. */
  readonly logged: (text: string) => Promise<string>;
  /** Everything, once the process has ended and nobody holds its output any more. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

/** Runs Node with the arguments in a process group of its own, its temporary files in `tmpdir`. */
export const runNode = (args: readonly string[], tmpdir: string, cwd = process.cwd()): Running => {
  // Whoever runs the tests may ask for colours (Nx does), which are not asked for here.
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, TMPDIR: tmpdir, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const texts = [child.stdout, child.stderr].map((stream) => {
    const text = { all: '' };
    stream.setEncoding('utf8').on('data', (chunk: string) => (text.all += chunk));
    return text;
  });
  const outputs = linesOf(child.stdout);
  const logs = linesOf(child.stderr);
  const lineAt = async (index: number) => {
    await outputs.until((lines) => lines.length > index);
    return outputs.lines[index];
  };
  const logged = async (part: string) => {
    await logs.until((lines) => lines.some((line) => line.includes(part)));
    const found = logs.lines.find((line) => line.includes(part));
    if (found === undefined) throw new Error(`ended without a line with ${part}: ${logs.lines.join('\n')}`);
    return found;
  };
  const ended = once(child, 'close').then((end) => ({
    code: end[0] as number | null,
    signal: end[1] as string | null,
    stdout: texts[0]?.all ?? '',
    stderr: texts[1]?.all ?? '',
  }));
  return { child, firstLine: lineAt(0), lineAt, logged, ended };
};

/** The lines of a stream as they come. */
const linesOf = (stream: Readable) => {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const wake = () => {
    for (const look of waiting) look();
  };
  createInterface({ input: stream })
    .on('line', (line) => {
      lines.push(line);
      wake();
    })
    .on('close', () => {
      isOver = true;
      wake();
    });
  /** Resolves when it is so, or never will be. */
  const until = (isSo: (lines: readonly string[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!isOver && !isSo(lines)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { lines, until };
};

export const runCommand = (args: readonly string[], tmpdir: string): Running => runNode([BIN, ...args], tmpdir);
