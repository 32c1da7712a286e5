import { COPY_OPTIONS, type CopyDraft } from './copy-options.ts';
import type { Token } from './lexer.ts';
import {
  locationOf,
  readLocation,
  readName,
  readOptions,
  refuseBeside,
  refused,
  type S3Location,
  syntaxError,
} from './option-reader.ts';
import { nameOf, splitAtCommas, TokenReader } from './token-reader.ts';

export type Compression = 'gzip' | 'zstd';

/** How the bytes of an object are records. */
export type CopyFormat =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string; readonly ignoresBlankLines: boolean }
  | {
      readonly kind: 'text';
      readonly delimiter: string;
      /** Whether a backslash takes the next character out of its special meaning. */
      readonly hasEscapes: boolean;
      readonly removesQuotes: boolean;
      readonly ignoresBlankLines: boolean;
    }
  | { readonly kind: 'json'; readonly mapping: 'auto' | 'auto ignorecase' | S3Location };

/** How fields become values of the columns' types. */
export interface Conversion {
  /** The field that stands for NULL; undefined for JSON, which has a null of its own. */
  readonly nullAs: string | undefined;
  readonly emptyAsNull: boolean;
  readonly blanksAsNull: boolean;
  readonly trimsBlanks: boolean;
  readonly truncatesColumns: boolean;
  /** Whether decimals with too many digits are rounded, not cut off. */
  readonly roundsDecimals: boolean;
  readonly dateFormat: 'default' | 'auto';
  readonly timeFormat: 'default' | 'auto' | 'epochsecs' | 'epochmillisecs';
}

/** A COPY from S3, as far as the stage knows it. */
export interface CopyStatement {
  readonly schema?: string;
  readonly table: string;
  /** As listed; absent for all of the table's. */
  readonly columns?: readonly string[];
  /** Every object whose key begins so is loaded; with a manifest, its key. */
  readonly source: S3Location;
  readonly isManifest: boolean;
  readonly roleArn: string;
  /** As named; absent for the warehouse's own. */
  readonly region?: string;
  readonly compression?: Compression;
  readonly format: CopyFormat;
  /** Lines at the beginning of each object that are not loaded. */
  readonly ignoreHeader: number;
  /** Whether columns that a record lacks at its end are filled. */
  readonly fillsRecords: boolean;
  /** Whether values of IDENTITY columns are loaded. */
  readonly hasExplicitIds: boolean;
  readonly conversion: Conversion;
}

/** @throws RedshiftError naming the part that Redshift would not take, or the stage does not know */
export const parseCopy = (tokens: readonly Token[]): CopyStatement => {
  const reader = new TokenReader(tokens);
  reader.take('COPY');
  const target = readTable(reader);
  const listed = reader.parenthesized();
  if (!reader.take('FROM')) throw syntaxError(reader);
  const source = readLocation('COPY from', reader);
  const draft: CopyDraft = {};
  readOptions('COPY', reader, COPY_OPTIONS, draft);
  const columns = listed && { columns: splitAtCommas(listed).flat().map(nameOf) };
  return { ...target, ...columns, source, ...settingsOf(draft) };
};

const readTable = (reader: TokenReader): Pick<CopyStatement, 'schema' | 'table'> => {
  const first = readName(reader);
  return reader.take('.') ? { schema: first, table: readName(reader) } : { table: first };
};

const settingsOf = (draft: CopyDraft): Omit<CopyStatement, 'schema' | 'table' | 'columns' | 'source'> => {
  const { roleArn, region, compression, ignoreHeader = 0 } = draft;
  if (!roleArn) throw refused('COPY without IAM_ROLE');
  return {
    roleArn,
    ...(region === undefined ? {} : { region }),
    ...(compression && { compression }),
    isManifest: draft.isManifest ?? false,
    format: formatOf(draft),
    ignoreHeader,
    fillsRecords: draft.fillsRecords ?? false,
    hasExplicitIds: draft.hasExplicitIds ?? false,
    conversion: conversionOf(draft),
  };
};

const formatOf = (draft: CopyDraft): CopyFormat => {
  const { format, delimiter, quote, json = 'auto' } = draft;
  const { hasEscapes = false, removesQuotes = false, ignoresBlankLines = false } = draft;
  if (format !== 'csv') refuseBeside('other than CSV', { QUOTE: quote !== undefined });
  if (format === 'json') {
    refuseBeside('JSON', {
      DELIMITER: delimiter !== undefined,
      ESCAPE: hasEscapes,
      FILLRECORD: draft.fillsRecords === true,
      IGNOREBLANKLINES: ignoresBlankLines,
      'NULL AS': draft.nullAs !== undefined,
      REMOVEQUOTES: removesQuotes,
    });
    return { kind: 'json', mapping: mappingOf(json) };
  }
  if (format === undefined)
    return { kind: 'text', delimiter: delimiter ?? '|', hasEscapes, removesQuotes, ignoresBlankLines };
  refuseBeside('CSV', { ESCAPE: hasEscapes, REMOVEQUOTES: removesQuotes });
  return { kind: 'csv', delimiter: delimiter ?? ',', quote: quote ?? '"', ignoresBlankLines };
};

const mappingOf = (option: string): (CopyFormat & { kind: 'json' })['mapping'] => {
  if (option === 'auto' || option === 'auto ignorecase') return option;
  if (option === 'noshred') throw refused("COPY FORMAT JSON 'noshred'");
  return locationOf('COPY with JSONPaths', option);
};

const conversionOf = (draft: CopyDraft): Conversion => ({
  nullAs: draft.format === 'json' ? undefined : (draft.nullAs ?? '\\N'),
  emptyAsNull: draft.emptyAsNull ?? false,
  blanksAsNull: draft.blanksAsNull ?? false,
  trimsBlanks: draft.trimsBlanks ?? false,
  truncatesColumns: draft.truncatesColumns ?? false,
  roundsDecimals: draft.roundsDecimals ?? false,
  dateFormat: draft.dateFormat ?? 'default',
  timeFormat: draft.timeFormat ?? 'default',
});
