import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const BUNDLE = new URL('../../dist/invoker/', import.meta.url);
/** Between files of the bundle; a dynamic import has a bracket before its name. */
const STATIC_IMPORT = /(?:from|import)"\.\/([^"]+)"/g;

const read = (name: string) => readFileSync(new URL(name, BUNDLE), 'utf8');
const files = () => readdirSync(BUNDLE).filter((name) => name.endsWith('.mjs'));

/** What a cold start loads: a file, and all that it cannot do without. */
const loadedWith = (name: string, loaded = new Set<string>()): ReadonlySet<string> => {
  if (loaded.has(name)) return loaded;
  loaded.add(name);
  for (const [, other = ''] of read(name).matchAll(STATIC_IMPORT)) loadedWith(other, loaded);
  return loaded;
};

const bytesOf = (names: Iterable<string>) =>
  [...names].map((name) => Buffer.byteLength(read(name))).reduce((sum, bytes) => sum + bytes, 0);

describe('the bundle', () => {
  it('loads less than 400 KB in a cold start, and holds less than 500 KB with what few requests need', () => {
    const loaded = loadedWith('index.mjs');

    expect(loaded.size).toBeGreaterThan(1);
    expect(bytesOf(loaded)).toBeLessThan(400_000);
    expect(bytesOf(files())).toBeLessThan(500_000);
  });

  it.each(['owner-credentials', 'listed-statements', 'run-resource', 'send-heartbeat', 'send-message'])(
    'loads %s only when a request needs it',
    (name) => {
      const lazy = files().filter((file) => file.startsWith(`${name}-`));

      expect(lazy).toHaveLength(1);
      expect(loadedWith('index.mjs')).not.toContain(lazy[0]);
      expect(files().filter((file) => read(file).includes(`import("./${lazy[0] ?? ''}")`))).not.toEqual([]);
    },
  );
});
