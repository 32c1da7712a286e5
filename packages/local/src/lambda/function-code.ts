import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FunctionCode } from './function-config.ts';
import { linkRuntimeModules } from './runtime-modules.ts';

/** Copies that nothing runs in any more, kept for an update that has to be taken back. */
const MOST_SPARES = 20;

/**
 * The task roots of the functions: copies, in a directory of the stage's own. Run where the assembly lies, a bundle would find the
 * `node_modules` and the `package.json` of the project around it, and work here with what it does not have on AWS. AWS's own clients it does
 * have there.
 */
export class FunctionCodes {
  #base: string | undefined;
  #installed = 0;
  /** Task root to the directory it was copied from. */
  readonly #sources = new Map<string, string>();
  /** Those that nothing runs in, oldest first. */
  readonly #spares = new Set<string>();

  /**
   * A new task root, filled with the code; an older one of the same function stays as it is for who still runs in it. Code that a later assembly
   * has wiped out is taken from the copy of it.
   */
  install(code: FunctionCode): string {
    const taskRoot = path.join(this.#directory(), String(this.#installed++));
    if ('inline' in code) installInline(taskRoot, code.inline);
    else {
      cpSync(this.#whereIs(code.directory), taskRoot, { recursive: true, dereference: true });
      this.#sources.set(taskRoot, code.directory);
    }
    return taskRoot;
  }

  /** To be told when nothing runs in a task root any more. */
  async remove(taskRoot: string): Promise<void> {
    if (this.#sources.has(taskRoot)) this.#spares.add(taskRoot);
    else await this.#delete(taskRoot);
    for (const spare of [...this.#spares].slice(0, -MOST_SPARES)) await this.#delete(spare);
  }

  async close(): Promise<void> {
    if (this.#base) await rm(this.#base, { recursive: true, force: true });
    this.#base = undefined;
  }

  async #delete(taskRoot: string): Promise<void> {
    this.#spares.delete(taskRoot);
    this.#sources.delete(taskRoot);
    await rm(taskRoot, { recursive: true, force: true });
  }

  #whereIs(directory: string): string {
    if (existsSync(directory)) return directory;
    const copies = [...this.#sources].filter(([, source]) => source === directory).map(([taskRoot]) => taskRoot);
    return copies.at(-1) ?? directory;
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
