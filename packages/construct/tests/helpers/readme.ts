import { readFileSync } from 'node:fs';

const READMES = { package: '../../README.md', project: '../../../../README.md' };

/** The TypeScript snippets of the package's README, or of the whole project's. */
export const readmeSnippets = (readme: keyof typeof READMES = 'package'): string[] => {
  const text = readFileSync(new URL(READMES[readme], import.meta.url), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, snippet]) => snippet ?? '');
};
