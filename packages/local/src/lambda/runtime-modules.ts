import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages that Lambda's Node runtimes bring along: bundlers leave them out for that reason. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * Lets code below `directory` load AWS's clients for JavaScript, though it brings none itself: those that are installed beside the stage,
 * where Lambda has all of them.
 */
export const linkRuntimeModules = (directory: string): void => {
  const modules = path.join(directory, 'node_modules');
  mkdirSync(modules);
  for (const scope of SCOPES) {
    const installed = path.join(ownModules(), scope);
    if (existsSync(installed)) symlinkSync(installed, path.join(modules, scope), 'dir');
  }
};

/** The `node_modules` that this package takes its own clients from. */
const ownModules = (): string => {
  const file = fileURLToPath(import.meta.resolve('@aws-sdk/client-lambda'));
  return file.slice(0, file.lastIndexOf(path.join('@aws-sdk', 'client-lambda')));
};
