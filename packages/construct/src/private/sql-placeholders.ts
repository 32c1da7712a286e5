/**
 * What SQL is made of, as far as it takes to find `:name` in it: literals, quoted names and comments, in which nothing is a
 * placeholder, and `::`, which begins none.
 */
const PIECES = [
  /(?<closed>'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:=)/,
  /(?<unclear>['"]|\/\*|\\')/,
  /(?<placed>(?<![\w:]):(?<name>[a-zA-Z_]\w*))/,
  /(?<loose>:(?<other>\w+))/,
];
const PIECE = new RegExp(PIECES.map(({ source }) => source).join('|'), 'g');

/** A backslash may keep a literal open, and a comment may hold another. */
const UNCLEAR = /\\'|\/\*[\s\S]*\/\*/;

/** The names of the parameters that SQL asks for. */
export interface Placeholders {
  /** Those that are placeholders beyond doubt. */
  readonly sure: readonly string[];
  /** All that may be. */
  readonly possible: readonly string[];
}

/** Finds them; undefined where only Redshift can tell where literals and comments end. */
export const placeholdersIn = (sql: string): Placeholders | undefined => {
  const pieces = [...sql.matchAll(PIECE)].map(({ groups = {} }) => groups);
  const isUnclear = ({ closed, unclear }: Record<string, string | undefined>) =>
    unclear !== undefined || (closed !== undefined && UNCLEAR.test(closed));
  if (pieces.some(isUnclear)) return undefined;
  const sure = pieces.flatMap(({ name }) => name ?? []);
  return { sure, possible: [...sure, ...pieces.flatMap(({ other }) => other ?? [])] };
};
