import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PostgresError } from './postgres-binaries.ts';
import { runAs } from './postgres-home.ts';

/** How much of a program's complaints is kept, in characters. */
const KEPT_OUTPUT = 4_000;
/** How long a shutdown may take before the next, ruder signal. */
const PATIENCE_MS = 5_000;
const READY = 'database system is ready to accept connections';

export interface ServerProcess {
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, clients disconnected. Resolves when the process has ended. */
  stop(): Promise<void>;
}

/** Runs a program to its end; `signal` kills it and whatever it started. */
export const runProgram = async (path: string, args: readonly string[], signal: AbortSignal): Promise<void> => {
  const child = start(path, args);
  const output = keepOutput(child);
  const kill = () => void killGroup(child);
  signal.addEventListener('abort', kill, { once: true });
  const code = await exitOf(child);
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (code !== 0) throw new PostgresError(`${path} failed: ${lastLine(output())}`);
};

/** Starts the server; resolves when it accepts connections, rejects with its last words when it ends before. */
export const startServer = async (path: string, args: readonly string[]): Promise<ServerProcess> => {
  const child = start(path, args);
  const output = keepOutput(child);
  const ended = exitOf(child).then(() => undefined);
  const ready = new Promise<boolean>((resolve) => {
    child.stderr?.on('data', () => output().includes(READY) && resolve(true));
    void ended.then(() => resolve(false));
  });
  if (!(await ready)) throw new PostgresError(`PostgreSQL did not start: ${lastLine(output())}`);
  return { ended, stop: () => shutDown(child, ended) };
};

/**
 * A group of its own, so that a signal for our group (Ctrl-C) does not end it under us; '/' as working directory, since
 * the user it runs as may not be allowed to enter ours; and none of our environment, which might hold PGDATA or PGPORT.
 */
const start = (path: string, args: readonly string[]): ChildProcess =>
  spawn(path, args, {
    ...runAs(),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });

const keepOutput = (child: ChildProcess): (() => string) => {
  let kept = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_OUTPUT);
  });
  child.on('error', (error) => {
    kept += error.message;
  });
  return () => kept;
};

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code ?? -1));
  });

const shutDown = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  // Fast, then immediate shutdown, in PostgreSQL's own terms; after that the kernel's.
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'];
  const timers = signals.map((signal, step) => setTimeout(() => child.kill(signal), step * PATIENCE_MS));
  await ended;
  for (const timer of timers) clearTimeout(timer);
};

const killGroup = (child: ChildProcess): void => {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Ended by itself meanwhile.
  }
};

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim() || 'it gave no reason';

/** Resolves when `signal` is aborted. */
export const aborted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort');
};
