import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './execution.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What other tools keep in the temporary directory for all their runs. */
const NOT_OURS = /^(node-compile-cache|v8-compile-cache)/;

/** `npm run` with a temporary directory of its own, by which everything that it starts is known. */
export class CommandProcess {
  readonly temporary = mkdtempSync(join(tmpdir(), 'sfn-redshift-signals-'));
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = '';

  constructor(command: string, ...args: readonly string[]) {
    this.child = spawn('npm', ['run', '--silent', command, '--', ...args], {
      ...this.options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  get options() {
    return demoOptions(this.temporary);
  }

  /** Waits until the command has said so. */
  async says(text: string): Promise<void> {
    await Promise.race([
      eventually(() => Promise.resolve(this.output.includes(text) || undefined)),
      this.exited.then((code) => {
        if (!this.output.includes(text)) throw new Error(`exited ${code} before it said "${text}":\n${this.output}`);
      }),
    ]);
  }

  kill(signal: NodeJS.Signals, target: 'process' | 'group'): void {
    process.kill((target === 'group' ? -1 : 1) * (this.child.pid ?? 0), signal);
  }

  remove(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

export class DemoProcess extends CommandProcess {
  constructor(...args: readonly string[]) {
    super('demo', ...args);
  }
}

export const demoOptions = (temporary: string) => ({ cwd: ROOT, env: { ...process.env, TMPDIR: temporary } });

/** Processes and files that carry the temporary directory, when all has had a moment to end. */
export const leftBehind = (temporary: string): string[] => [
  ...processesWith(temporary),
  ...readdirSync(temporary).filter((name) => !NOT_OURS.test(name)),
];

const processesWith = (text: string): string[] =>
  execFileSync('ps', ['-eww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) || environmentOf(line).includes(text));

/** On Linux; elsewhere the arguments alone must do. */
const environmentOf = (line: string): string => {
  const file = `/proc/${Number.parseInt(line, 10)}/environ`;
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch {
    // Ended meanwhile, or somebody else's.
    return '';
  }
};
