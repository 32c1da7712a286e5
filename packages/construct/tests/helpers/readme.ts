import { readFileSync } from 'node:fs';

/** The TypeScript snippets of the package's README. */
export const readmeSnippets = (): string[] => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, snippet]) => snippet ?? '');
};
