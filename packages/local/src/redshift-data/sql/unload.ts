import { RedshiftError } from '../errors.ts';
import type { Compression } from './copy.ts';
import { significantTokens, type Token } from './lexer.ts';
import {
  type OptionReader,
  passAs,
  readCharacter,
  readCredentials,
  readLocation,
  readNumber,
  readOptions,
  readRole,
  readSwitch,
  readText,
  refuseBeside,
  refused,
  type S3Location,
  syntaxError,
} from './option-reader.ts';
import { hasSeveralStatements } from './statement-shape.ts';
import { isText, nameOf, splitAtCommas, TokenReader } from './token-reader.ts';

/** How rows are written. */
export type UnloadFormat =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly nullAs: string }
  | {
      readonly kind: 'text';
      readonly delimiter: string;
      readonly nullAs: string;
      readonly addsQuotes: boolean;
      readonly escapes: boolean;
    }
  | { readonly kind: 'json' };

/** An UNLOAD, as far as the stage knows it. */
export interface UnloadStatement {
  /** The SQL between the quotes. */
  readonly query: string;
  /** How the keys of all objects begin. */
  readonly target: S3Location;
  readonly roleArn: string;
  readonly region?: string;
  readonly format: UnloadFormat;
  readonly hasHeader: boolean;
  readonly compression?: Compression;
  /** As given; absent for the one of the compression. */
  readonly extension?: string;
  readonly isParallel: boolean;
  readonly maxFileBytes: number;
  readonly hasManifest: boolean;
  /** What happens to objects that are there already. */
  readonly existing: 'refuse' | 'overwrite' | 'delete';
  readonly partitionBy: readonly string[];
  /** Whether partition columns are written too. */
  readonly includesPartitionColumns: boolean;
}

interface Draft {
  format?: 'csv' | 'json';
  delimiter?: string;
  nullAs?: string;
  addsQuotes?: boolean;
  escapes?: boolean;
  hasHeader?: boolean;
  compression?: Compression;
  extension?: string;
  isParallel?: boolean;
  maxFileBytes?: number;
  hasManifest?: boolean;
  allowsOverwrite?: boolean;
  cleansPath?: boolean;
  partitionBy?: readonly string[];
  includesPartitionColumns?: boolean;
  roleArn?: string;
  region?: string;
}

const MB = 1024 * 1024;
const LARGEST_FILE = 6.2 * 1024 * MB;

const flag =
  (change: Draft): OptionReader<Draft> =>
  (_reader, draft) => {
    Object.assign(draft, change);
  };

const readFormat: OptionReader<Draft> = (reader, draft) => {
  passAs(reader);
  if (reader.take('CSV')) draft.format = 'csv';
  else if (reader.take('JSON')) draft.format = 'json';
  else if (reader.current?.kind === 'word') throw refused(`UNLOAD FORMAT ${reader.current.text.toUpperCase()}`);
  else throw syntaxError(reader);
};

const readMaxFileSize: OptionReader<Draft> = (reader, draft) => {
  const size = readNumber(reader);
  const bytes = reader.take('GB') ? size * 1024 * MB : (reader.take('MB'), size * MB);
  if (bytes < 5 * MB || bytes > LARGEST_FILE)
    throw new RedshiftError('ERROR: MAXFILESIZE must be between 5 MB and 6.2 GB');
  draft.maxFileBytes = bytes;
};

const readManifest: OptionReader<Draft> = (reader, draft) => {
  if (reader.sees('VERBOSE')) throw refused('UNLOAD option MANIFEST VERBOSE');
  draft.hasManifest = true;
};

const readPartition: OptionReader<Draft> = (reader, draft) => {
  if (!reader.take('BY')) throw syntaxError(reader);
  const listed = reader.parenthesized();
  if (!listed) throw syntaxError(reader);
  draft.partitionBy = splitAtCommas(listed).flat().map(nameOf);
  draft.includesPartitionColumns = reader.take('INCLUDE');
};

const readWith: OptionReader<Draft> = (reader, draft) => {
  if (!reader.take('CREDENTIALS')) throw syntaxError(reader);
  draft.roleArn = readCredentials('UNLOAD', reader);
};

const OPTIONS: ReadonlyMap<string, OptionReader<Draft>> = new Map<string, OptionReader<Draft>>([
  ['FORMAT', readFormat],
  ['CSV', flag({ format: 'csv' })],
  ['JSON', flag({ format: 'json' })],
  ['DELIMITER', (reader, draft) => void (draft.delimiter = readCharacter('UNLOAD delimiter', reader))],
  ['NULL', (reader, draft) => void (draft.nullAs = readText(reader))],
  ['ADDQUOTES', flag({ addsQuotes: true })],
  ['ESCAPE', flag({ escapes: true })],
  ['HEADER', flag({ hasHeader: true })],
  ['GZIP', flag({ compression: 'gzip' })],
  ['ZSTD', flag({ compression: 'zstd' })],
  ['EXTENSION', (reader, draft) => void (draft.extension = readText(reader))],
  ['PARALLEL', (reader, draft) => void (draft.isParallel = readSwitch(reader))],
  ['MAXFILESIZE', readMaxFileSize],
  ['MANIFEST', readManifest],
  ['ALLOWOVERWRITE', flag({ allowsOverwrite: true })],
  ['CLEANPATH', flag({ cleansPath: true })],
  ['PARTITION', readPartition],
  ['IAM_ROLE', (reader, draft) => void (draft.roleArn = readRole('UNLOAD', reader))],
  ['CREDENTIALS', (reader, draft) => void (draft.roleArn = readCredentials('UNLOAD', reader))],
  ['WITH', readWith],
  ['REGION', (reader, draft) => void (draft.region = readText(reader))],
]);

/** @throws RedshiftError naming the part that Redshift would not take, or the stage does not know */
export const parseUnload = (tokens: readonly Token[]): UnloadStatement => {
  const reader = new TokenReader(tokens);
  reader.take('UNLOAD');
  const [quoted, ...more] = reader.parenthesized() ?? [];
  const query = quotedQuery(quoted);
  if (query === undefined || more.length > 0 || !reader.take('TO')) throw syntaxError(reader);
  refuseQuery(query);
  const target = readLocation('UNLOAD to', reader);
  const draft: Draft = {};
  readOptions('UNLOAD', reader, OPTIONS, draft);
  return { query, target, ...settingsOf(draft) };
};

/**
 * The query stands between dollar signs, or in quotes: there quotes are doubled or escaped, backslashes escaped. Other escapes
 * mean the same in the strings of the query, where they are left for PostgreSQL.
 */
const quotedQuery = (token: Token | undefined): string | undefined => {
  if (token?.kind !== 'string') return undefined;
  const dollars = /^(\$[^$]*\$)([^]*)\1$/.exec(token.text);
  if (dollars) return dollars[2];
  return token.text.startsWith("'") ? token.text.slice(1, -1).replaceAll(/(?:'|\\)(['\\])/g, '$1') : undefined;
};

const settingsOf = (draft: Draft): Omit<UnloadStatement, 'query' | 'target'> => {
  const { roleArn, region, compression, extension, partitionBy = [] } = draft;
  if (!roleArn) throw refused('UNLOAD without IAM_ROLE');
  return {
    roleArn,
    ...(region === undefined ? {} : { region }),
    format: formatOf(draft),
    hasHeader: draft.hasHeader ?? false,
    ...(compression && { compression }),
    ...(extension === undefined ? {} : { extension }),
    isParallel: draft.isParallel ?? true,
    maxFileBytes: draft.maxFileBytes ?? LARGEST_FILE,
    hasManifest: draft.hasManifest ?? false,
    existing: existingOf(draft),
    partitionBy,
    includesPartitionColumns: draft.includesPartitionColumns ?? false,
  };
};

const formatOf = (draft: Draft): UnloadFormat => {
  const { format, delimiter, nullAs = '', addsQuotes = false, escapes = false } = draft;
  if (format === undefined) return { kind: 'text', delimiter: delimiter ?? '|', nullAs, addsQuotes, escapes };
  refuseBeside(format.toUpperCase(), { ADDQUOTES: addsQuotes, ESCAPE: escapes });
  if (format === 'csv') return { kind: 'csv', delimiter: delimiter ?? ',', nullAs };
  refuseBeside('JSON', {
    DELIMITER: delimiter !== undefined,
    HEADER: draft.hasHeader === true,
    'NULL AS': draft.nullAs !== undefined,
  });
  return { kind: 'json' };
};

const existingOf = ({ allowsOverwrite = false, cleansPath = false }: Draft): UnloadStatement['existing'] => {
  if (cleansPath) refuseBeside('CLEANPATH', { ALLOWOVERWRITE: allowsOverwrite });
  return cleansPath ? 'delete' : allowsOverwrite ? 'overwrite' : 'refuse';
};

/**
 * What Redshift does not unload: several statements, and a LIMIT or TOP in the outermost SELECT.
 *
 * @throws RedshiftError
 */
const refuseQuery = (query: string): void => {
  if (hasSeveralStatements(query)) throw new RedshiftError('ERROR: syntax error at or near ";"');
  const tokens = significantTokens(query);
  let depth = 0;
  for (const token of tokens) {
    if (isText(token, '(')) depth += 1;
    if (isText(token, ')')) depth -= 1;
    if (depth === 0 && isText(token, 'LIMIT')) throw limitRefused();
  }
  if (isText(tokens[0], 'SELECT') && isText(tokens[1], 'TOP') && tokens[2]?.kind === 'number') throw limitRefused();
};

const limitRefused = (): RedshiftError =>
  new RedshiftError('ERROR: Limit clause is not supported in the outermost select of an UNLOAD statement');
