import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);

const FILE = /`([\w-]+\/(?:tests|scenarios)\/[\w/.-]+\.ts)`/g;

interface NamedTests {
  readonly file: string;
  readonly tests: readonly string[];
}

const linesOf = (page: string): readonly string[] => readFileSync(new URL(`docs/${page}`, ROOT), 'utf8').split('\n');

/** Each file that a page names, with the names of tests that follow it, up to the next file or line. */
const namedIn = (lines: readonly string[]): readonly NamedTests[] =>
  lines.flatMap((line) => {
    const files = [...line.matchAll(FILE)];
    return files.map(({ 1: file = '', index }, at) => {
      const own = line.slice(index, files[at + 1]?.index);
      return { file, tests: [...own.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name) };
    });
  });

const missing = ({ file, tests }: NamedTests): readonly string[] => {
  const path = new URL(`packages/${file}`, ROOT);
  if (!existsSync(path)) return [file];
  const source = readFileSync(path, 'utf8');
  return tests.filter((name) => !source.includes(name));
};

describe('docs/guarantees.md', () => {
  const named = namedIn(linesOf('guarantees.md'));

  it('names tests for every guarantee', () => {
    expect(named.length).toBeGreaterThan(20);
  });

  it.each(named)('names tests that are in $file', (tests) => {
    expect(missing(tests)).toEqual([]);
  });
});

describe('docs/predecessor-faults.md', () => {
  const rows = linesOf('predecessor-faults.md').flatMap((line) => {
    const [, number] = /^\| (\d+) \|/.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), named: namedIn([line]) }];
  });

  it('has a line for each fault', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
  });

  it.each(rows)('names tests that are there for fault $number', ({ named }) => {
    expect(named.flatMap(({ tests }) => tests).length).toBeGreaterThan(0);
    expect(named.flatMap(missing)).toEqual([]);
  });
});
