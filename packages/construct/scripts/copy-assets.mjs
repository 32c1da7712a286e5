/**
 * Copies the bundled handlers into assets/<name>/, from where the construct deploys them: users need neither esbuild nor
 * Docker. Run after invoker and completer are built.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HANDLERS = { invoker: 'invoker', drain: 'completer', sweep: 'completer' };

const fromPackage = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(fromPackage('assets'), { recursive: true, force: true });
for (const [handler, owner] of Object.entries(HANDLERS)) {
  const bundle = fromPackage(`../${owner}/dist/${handler}`);
  if (!existsSync(`${bundle}/index.mjs`)) throw new Error(`no bundle at ${bundle}: build packages/${owner} first`);
  cpSync(bundle, fromPackage(`assets/${handler}`), { recursive: true });
}
