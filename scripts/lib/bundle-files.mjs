import { readdirSync, readFileSync } from 'node:fs';

/** Static imports between the files of a bundle; a dynamic one, `import("…")`, does not match. */
const STATIC_IMPORT = /(?:from|import)"\.\/([^"]+)"/g;

/** The files of a bundle's code. */
export const codeIn = (directory) => readdirSync(directory).filter((file) => file.endsWith('.mjs'));

/** A file of a bundle, and what it cannot load without; the others are loaded when they are first needed. */
export const loadedWith = (file, directory, loaded = new Set()) => {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const [, other] of read(file, directory).toString().matchAll(STATIC_IMPORT)) {
    loadedWith(other, directory, loaded);
  }
  return loaded;
};

/** Bytes of the files, or what `sizeOf` makes of their contents. */
export const bytesOf = (files, directory, sizeOf = (content) => content.length) =>
  [...files].reduce((sum, file) => sum + sizeOf(read(file, directory)), 0);

const read = (file, directory) => readFileSync(new URL(file, directory));
