import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const GUARANTEES = readFileSync(new URL('docs/guarantees.md', ROOT), 'utf8');

const FILE = /`([\w-]+\/tests\/[\w/.-]+\.test\.ts)`/g;

/** Each file that the page names, with the names of tests that follow it, up to the next file or line. */
const named = GUARANTEES.split('\n').flatMap((line) => {
  const files = [...line.matchAll(FILE)];
  return files.map(({ 1: file = '', index }, at) => {
    const own = line.slice(index, files[at + 1]?.index);
    return { file, tests: [...own.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name) };
  });
});

describe('docs/guarantees.md', () => {
  it('names tests for every guarantee', () => {
    expect(named.length).toBeGreaterThan(20);
  });

  it.each(named)('names tests that are in $file', ({ file, tests }) => {
    const path = new URL(`packages/${file}`, ROOT);
    expect(existsSync(path), file).toBe(true);
    const source = readFileSync(path, 'utf8');
    expect(tests.filter((name) => !source.includes(name))).toEqual([]);
  });
});
