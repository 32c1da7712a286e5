import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string; readonly default?: string };
  readonly optional?: boolean;
}

interface Type extends Documented {
  readonly kind: 'class' | 'enum' | 'interface';
  /** Whether it is an interface of props. */
  readonly datatype?: boolean;
  readonly properties?: readonly Documented[];
  readonly methods?: readonly (Documented & { readonly overrides?: string })[];
  readonly members?: readonly Documented[];
}

const assembly = JSON.parse(readFileSync(`${PACKAGE}.jsii`, 'utf8')) as { readonly types: Record<string, Type> };
const types = Object.values(assembly.types);

/** All that is public, but what a type has from another. */
const membersOf = (type: Type) =>
  [...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])].filter(
    (member) => !('overrides' in member),
  );

const named = (type: Type, member: Documented) => `${type.name}.${member.name}`;

describe('API.md', () => {
  it('is what the build makes of the docstrings: `npm run docs:api` writes it', { timeout: 60_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/api-docs.mjs'], {
      cwd: PACKAGE,
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(stdout.length).toBeGreaterThan(10_000);
    // Not by a comparison that would print both.
    expect(stdout === readFileSync(`${PACKAGE}API.md`, 'utf8')).toBe(true);
  });
});

describe('the public API', () => {
  it('has a docstring for everything', () => {
    const silent = types.flatMap((type) => [
      ...(type.docs?.summary ? [] : [type.name]),
      ...membersOf(type)
        .filter(({ docs }) => !docs?.summary)
        .map((member) => named(type, member)),
    ]);
    expect(types.length).toBeGreaterThan(30);
    expect(silent).toEqual([]);
  });

  it('says of every optional prop what holds without it', () => {
    const optional = types
      .filter(({ datatype }) => datatype)
      .flatMap((type) => (type.properties ?? []).map((prop) => ({ prop, name: named(type, prop) })))
      .filter(({ prop }) => prop.optional);
    const silent = optional.filter(({ prop }) => !prop.docs?.default).map(({ name }) => name);
    expect(optional.length).toBeGreaterThan(40);
    expect(silent).toEqual([]);
  });
});
