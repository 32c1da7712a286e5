import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './planted-bugs.ts';

const PACKAGES = ['shared', 'invoker', 'completer', 'prove'];
const SCOPE = '@sfn-redshift';

const copies = new Set<string>();

/** The sources that the prover runs, in a directory of their own, with everybody else's packages linked in. */
export const copySources = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'sfn-redshift-bugs-'));
  copies.add(copy);
  for (const name of PACKAGES) {
    const from = join(ROOT, 'packages', name);
    const to = join(copy, 'packages', name);
    for (const part of ['package.json', 'src']) cpSync(join(from, part), join(to, part), { recursive: true });
  }
  cpSync(join(ROOT, 'packages/prove/regressions.json'), join(copy, 'packages/prove/regressions.json'));
  linkPackages(join(copy, 'node_modules'), copy);
  return copy;
};

const linkPackages = (modules: string, copy: string): void => {
  mkdirSync(join(modules, SCOPE), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== SCOPE && !name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const name of PACKAGES) symlinkSync(join(copy, 'packages', name), join(modules, SCOPE, name));
};

export const removeCopy = (copy: string): void => {
  rmSync(copy, { recursive: true, force: true });
  copies.delete(copy);
};

export const removeCopies = (): void => copies.forEach(removeCopy);
