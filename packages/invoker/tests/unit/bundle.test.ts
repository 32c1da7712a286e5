import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf, codeIn, loadedWith } from '../../../../scripts/lib/bundle-files.mjs';

const BUNDLE = new URL('../../dist/invoker/', import.meta.url);
const loaded = () => loadedWith('index.mjs', BUNDLE);
const read = (name: string) => readFileSync(new URL(name, BUNDLE), 'utf8');

describe('the bundle', () => {
  it('loads less than 400 KB in a cold start, and holds less than 500 KB with what few requests need', () => {
    expect(loaded().size).toBeGreaterThan(1);
    expect(bytesOf(loaded(), BUNDLE)).toBeLessThan(400_000);
    expect(bytesOf(codeIn(BUNDLE), BUNDLE)).toBeLessThan(500_000);
  });

  it.each(['owner-credentials', 'listed-statements', 'run-resource', 'send-heartbeat', 'send-message'])(
    'loads %s only when a request needs it',
    (name) => {
      const lazy = codeIn(BUNDLE).filter((file) => file.startsWith(`${name}-`));

      expect(lazy).toHaveLength(1);
      expect(loaded()).not.toContain(lazy[0]);
      expect(codeIn(BUNDLE).filter((file) => read(file).includes(`import("./${lazy[0] ?? ''}")`))).not.toEqual([]);
    },
  );
});
