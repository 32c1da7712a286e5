/**
 * An esbuild plugin: leaves out of the SDK's clients what esbuild alone would keep for nothing (docs/decisions/0053).
 *
 * - The keys of operations' traits are written `{ [_h]: … }`, where `_h` is a constant text. A computed key might do
 *   something, so every operation of a client whose API is REST is kept; with the text in its place, those that are used.
 *   Lambda's client shrinks by half.
 * - Each client imports its package.json, whole, for the version in it.
 */
import { readFile } from 'node:fs/promises';

const SCHEMAS = /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const CONSTANT = /^const (_\w+) = ("[^"]*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

const DESCRIPTION = /@aws-sdk[\\/][^\\/]+[\\/]package\.json$/;

const withPlainKeys = (source) => {
  const constants = new Map([...source.matchAll(CONSTANT)].map(([, name, text]) => [name, text]));
  return source.replace(COMPUTED_KEY, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
};

const withoutRest = (source) => {
  const { name, version } = JSON.parse(source);
  return JSON.stringify({ name, version });
};

export const trimmedSdk = {
  name: 'trimmed-sdk',
  setup: ({ onLoad }) => {
    onLoad({ filter: SCHEMAS }, async ({ path }) => ({ contents: withPlainKeys(await readFile(path, 'utf8')) }));
    onLoad({ filter: DESCRIPTION }, async ({ path }) => ({
      contents: withoutRest(await readFile(path, 'utf8')),
      loader: 'json',
    }));
  },
};
