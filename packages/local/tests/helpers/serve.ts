import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
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
  /** Everything, once the process has ended and nobody holds its output any more. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

/** Runs Node with the arguments in a process group of its own, its temporary files in `tmpdir`. */
export const runNode = (args: readonly string[], tmpdir: string, cwd = process.cwd()): Running => {
  const env = { ...process.env, TMPDIR: tmpdir, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const texts = [child.stdout, child.stderr].map((stream) => {
    const text = { all: '' };
    stream.setEncoding('utf8').on('data', (chunk: string) => (text.all += chunk));
    return text;
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(undefined));
  });
  const ended = once(child, 'close').then((end) => ({
    code: end[0] as number | null,
    signal: end[1] as string | null,
    stdout: texts[0]?.all ?? '',
    stderr: texts[1]?.all ?? '',
  }));
  return { child, firstLine, ended };
};

export const runCommand = (args: readonly string[], tmpdir: string): Running => runNode([BIN, ...args], tmpdir);
