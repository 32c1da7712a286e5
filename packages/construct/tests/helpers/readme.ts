import { readFileSync } from 'node:fs';

const PAGES = {
  package: '../../README.md',
  project: '../../../../README.md',
  migration: '../../../../docs/migration.md',
  payload: '../../../../docs/payload.md',
};

/** The TypeScript snippets of the package's README, of the whole project's, or of a page of its documents. */
export const readmeSnippets = (page: keyof typeof PAGES = 'package'): string[] => {
  const text = readFileSync(new URL(PAGES[page], import.meta.url), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, snippet]) => snippet ?? '');
};
