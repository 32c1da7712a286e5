import { cpSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root: then it runs as this user, "nobody" nearly everywhere. No user is created. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;

/** Whom to run PostgreSQL as; nothing when we are an ordinary user ourselves. */
export const runAs = (): { readonly uid: number; readonly gid: number } | Record<never, never> =>
  process.getuid?.() === 0 ? NOBODY : {};

const PREFIX = 'sfn-redshift-postgres-';

/** A fresh directory for all that one server needs. */
export const makeHome = async (): Promise<string> => {
  if (process.getuid?.() !== 0) return await mkdtemp(join(tmpdir(), PREFIX));
  const home = await mkdtemp(join(await enterableDirectory(), PREFIX));
  await chmod(home, 0o755);
  return home;
};

/** An empty directory in `home` that only PostgreSQL may enter. */
export const makePrivateDirectory = async (home: string, name: string): Promise<string> => {
  const directory = join(home, name);
  await mkdir(directory, { mode: 0o700 });
  if (process.getuid?.() === 0) await chown(directory, NOBODY.uid, NOBODY.gid);
  return directory;
};

/**
 * Where to run the binaries from: in place, where whoever is to run them may. Root gives them up to a user that may not be
 * allowed to enter where they lie (a home directory of mode 700), or to read what npm has put there under a strict umask; then
 * they are copied: 60 MB, about 0.2 s.
 */
export const placeBinaries = async (home: string, native: string): Promise<string> => {
  if (process.getuid?.() !== 0 || (await isOpenToAll(native))) return native;
  const copy = join(home, 'native');
  // Nothing else waits in this process, and at once is twice as fast as file by file. Archives of static libraries are of no use here.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  for (const entry of ['.', ...readdirSync(copy, { recursive: true, encoding: 'utf8' })])
    lchownSync(join(copy, entry), NOBODY.uid, NOBODY.gid);
  return copy;
};

/** May every user enter the directory, and read all that is in it? */
const isOpenToAll = async (directory: string): Promise<boolean> => {
  if (!(await isEnterable(directory))) return false;
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return entries.every((entry) => {
    const { mode, isDirectory } = modeOf(join(directory, entry));
    const needed = isDirectory || entry.startsWith('bin/') ? 0o005 : 0o004;
    return (mode & needed) === needed;
  });
};

/** Of what a link leads to. */
const modeOf = (path: string) => {
  const entry = statSync(path, { throwIfNoEntry: false });
  return { mode: entry?.mode ?? 0, isDirectory: entry?.isDirectory() ?? false };
};

/** Root's TMPDIR may be closed to other users; PostgreSQL must be able to reach its files. */
const enterableDirectory = async (): Promise<string> => {
  for (const candidate of [tmpdir(), '/tmp', '/var/tmp']) {
    if (await isEnterable(candidate)) return candidate;
  }
  return tmpdir();
};

const isEnterable = async (path: string): Promise<boolean> => {
  const mode = await stat(path).then(
    (entry) => entry.mode,
    () => 0,
  );
  if ((mode & 0o001) === 0) return false;
  return dirname(path) === path || (await isEnterable(dirname(path)));
};
