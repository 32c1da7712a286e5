import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const BUNDLE = new URL('../../dist/invoker/', import.meta.url);

const code = () => readdirSync(BUNDLE).filter((name) => name.endsWith('.mjs'));

describe('the bundle', () => {
  it('stays under 450 KB, lazily loaded parts included', () => {
    const bytes = code()
      .map((name) => statSync(new URL(name, BUNDLE)).size)
      .reduce((sum, size) => sum + size, 0);

    expect(code()).toContain('index.mjs');
    expect(bytes).toBeLessThan(450_000);
  });

  it('loads what assumes owner roles only when it is needed', () => {
    const lazy = code().filter((name) => name.startsWith('owner-credentials'));
    const index = readFileSync(new URL('index.mjs', BUNDLE), 'utf8');

    expect(lazy).toHaveLength(1);
    expect(index).toContain(`import("./${lazy[0] ?? ''}")`);
    expect(index).not.toContain(`from"./${lazy[0] ?? ''}"`);
  });
});
