import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FunctionCode } from './function-config.ts';
import { linkRuntimeModules } from './runtime-modules.ts';

/**
 * The task roots of the functions: copies, in a directory of the stage's own. Run where the assembly lies, a bundle would find the
 * `node_modules` and the `package.json` of the project around it, and work here with what it does not have on AWS. AWS's own clients it does
 * have there.
 */
export class FunctionCodes {
  #base: string | undefined;
  #installed = 0;

  /** A new task root, filled with the code; an older one of the same function stays as it is for who still runs in it. */
  install(code: FunctionCode): string {
    const taskRoot = path.join(this.#directory(), String(this.#installed++));
    if ('inline' in code) installInline(taskRoot, code.inline);
    else cpSync(code.directory, taskRoot, { recursive: true, dereference: true });
    return taskRoot;
  }

  async remove(taskRoot: string): Promise<void> {
    await rm(taskRoot, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    if (this.#base) await rm(this.#base, { recursive: true, force: true });
    this.#base = undefined;
  }

  #directory(): string {
    if (!this.#base) {
      this.#base = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-local-code-'));
      // Ends the look-up of a module's type, which would otherwise go on to the root of the disk.
      writeFileSync(path.join(this.#base, 'package.json'), '{}');
      linkRuntimeModules(this.#base);
    }
    return this.#base;
  }
}

const installInline = (taskRoot: string, source: string): void => {
  mkdirSync(taskRoot);
  writeFileSync(path.join(taskRoot, 'index.js'), source);
};
