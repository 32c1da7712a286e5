import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import type { Stack } from 'aws-cdk-lib';
import { transformSync } from 'esbuild';

const PAGES = new URL('../../../../docs/examples/', import.meta.url);

/** The query languages that each example is written in. */
export const LANGUAGES = ['JSONPath', 'JSONata'] as const;
export type Language = (typeof LANGUAGES)[number];

type StackClass = new (scope: unknown, id: string) => Stack;

/** What a page of `docs/examples` has to copy. */
export interface Example {
  readonly page: string;
  /** The tables that it takes for granted: a statement each. */
  readonly tables: readonly string[];
  readonly stacks: Readonly<Record<Language, StackClass>>;
}

/** Reads a page: its code is taken as it stands. */
export const readExample = (page: string): Example => {
  const text = readFileSync(new URL(`${page}.md`, PAGES), 'utf8');
  const [sql = ''] = blocksOf(text, 'sql');
  const [byPath = '', byJsonata = '', ...more] = blocksOf(text, 'ts');
  if (more.length > 0) throw new Error(`${page}.md has more than two stacks`);
  const tables = sql.split(/;$/m).flatMap((statement) => statement.trim() || []);
  return { page, tables, stacks: { JSONPath: stackOf(byPath), JSONata: stackOf(byJsonata) } };
};

const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

/** The one class that a module exports, which is run as if it lay here. */
const stackOf = (source: string): StackClass => {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
  const module: { exports: Readonly<Record<string, StackClass>> } = { exports: {} };
  const load = runInThisContext(`(module, require) => {${code}\n}`) as (
    own: typeof module,
    require: NodeJS.Require,
  ) => void;
  load(module, createRequire(import.meta.url));
  const [stack, ...others] = Object.values(module.exports);
  if (!stack || others.length > 0) throw new Error('an example exports one class');
  return stack;
};
