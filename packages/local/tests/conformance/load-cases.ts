import { readdirSync } from 'node:fs';
import type { Case } from './case.ts';

export interface Topic {
  /** The file's name. */
  readonly name: string;
  readonly cases: readonly Case[];
}

/** `mixed` are machines in which states of both languages work together. */
export const LANGUAGES = ['jsonpath', 'jsonata', 'mixed'] as const;

/** The cases of one language, file by file. */
export const loadCases = async (language: (typeof LANGUAGES)[number]): Promise<readonly Topic[]> => {
  const directory = new URL(`cases/${language}/`, import.meta.url);
  const files = readdirSync(directory).filter((file) => file.endsWith('.ts'));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const { cases } = (await import(new URL(file, directory).href)) as { cases: readonly Case[] };
      return { name: file.replace(/\.ts$/, ''), cases };
    }),
  );
};
