import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fingerprint, isBuilt } from './fingerprint.mjs';
import { withLock } from './lock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = `${root}.nx/build.lock`;
/** What was built last. */
const STAMP = `${root}.nx/build.stamp`;

/**
 * Builds all projects through Nx, one build of this checkout at a time. Quiet unless it fails. What is built already is left alone: Nx would take
 * it from its cache, and for that remove it for a moment, while others read it.
 *
 * @param {{ signal?: AbortSignal }} options `signal` ends the build with all that it has started
 */
export const build = ({ signal } = {}) =>
  withLock(LOCK, signal, async () => {
    const sources = fingerprint(root);
    if (isBuilt(root) && sources === stamp()) return;
    await runNx(signal);
    writeFileSync(STAMP, sources);
  });

const stamp = () => (existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined);

/** In a process group of its own, which ends as a whole: Nx does not pass signals on to what it runs. */
const runNx = (signal) =>
  new Promise((resolve, reject) => {
    const args = ['run-many', '-t', 'build', '--outputStyle=static'];
    const env = { ...withoutNx(process.env), NX_TUI: 'false', NX_NATIVE_COMMAND_RUNNER: 'false' };
    const nx = spawn('nx', args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    for (const stream of [nx.stdout, nx.stderr]) stream.on('data', (chunk) => output.push(chunk));
    const stop = () => killGroup(nx.pid);
    signal?.addEventListener('abort', stop, { once: true });
    nx.once('error', reject);
    nx.once('close', (code) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new Error(`the build failed:\n${Buffer.concat(output)}`));
    });
  });

/** Where this runs inside a task of another Nx, what that has set is not meant for ours. */
const withoutNx = (environment) =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('NX_')));

const killGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};
