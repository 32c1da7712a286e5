import { readdirSync, readFileSync } from 'node:fs';

const PAGES = {
  package: '../../README.md',
  project: '../../../../README.md',
  migration: '../../../../docs/migration.md',
  payload: '../../../../docs/payload.md',
};

/** The TypeScript snippets of the package's README, of the whole project's, or of a page of its documents. */
export const readmeSnippets = (page: keyof typeof PAGES = 'package'): string[] =>
  snippetsOf(new URL(PAGES[page], import.meta.url));

const EXAMPLES = new URL('../../../../docs/examples/', import.meta.url);

/** The stacks of all examples. */
export const exampleSnippets = (): string[] =>
  readdirSync(EXAMPLES).flatMap((page) => snippetsOf(new URL(page, EXAMPLES)));

const snippetsOf = (page: URL): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, snippet]) => snippet ?? '');
