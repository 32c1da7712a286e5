import type { Compression, Conversion } from './copy.ts';
import {
  type OptionReader,
  passAs,
  readCharacter,
  readCredentials,
  readInteger,
  readRole,
  readString,
  readSwitch,
  readText,
  refused,
  syntaxError,
} from './option-reader.ts';
import type { TokenReader } from './token-reader.ts';

/** The options of a COPY as they are given, before they are checked against each other. */
export interface CopyDraft {
  format?: 'csv' | 'json';
  /** The argument of JSON. */
  json?: string;
  delimiter?: string;
  quote?: string;
  hasEscapes?: boolean;
  removesQuotes?: boolean;
  ignoresBlankLines?: boolean;
  ignoreHeader?: number;
  roleArn?: string;
  region?: string;
  compression?: Compression;
  isManifest?: boolean;
  fillsRecords?: boolean;
  hasExplicitIds?: boolean;
  nullAs?: string;
  emptyAsNull?: boolean;
  blanksAsNull?: boolean;
  trimsBlanks?: boolean;
  truncatesColumns?: boolean;
  roundsDecimals?: boolean;
  dateFormat?: Conversion['dateFormat'];
  timeFormat?: Conversion['timeFormat'];
}

type Read = OptionReader<CopyDraft>;

/** Without a value after them. */
const flag =
  (change: Partial<CopyDraft>): Read =>
  (_reader, draft) => {
    Object.assign(draft, change);
  };

const readJson: Read = (reader, draft) => {
  draft.format = 'json';
  if (passAs(reader).current?.kind === 'string') draft.json = readString(reader);
};

/** FORMAT may be left out; what it introduces may not be anything else. */
const readFormat: Read = (reader, draft) => {
  passAs(reader);
  if (reader.take('CSV')) draft.format = 'csv';
  else if (reader.take('JSON')) readJson(reader, draft);
  else if (reader.current?.kind === 'word') throw refused(`COPY FORMAT ${reader.current.text.toUpperCase()}`);
  else throw syntaxError(reader);
};

const DATE_FORMATS = new Map<string, Conversion['dateFormat']>([
  ['auto', 'auto'],
  ['YYYY-MM-DD', 'default'],
]);

const TIME_FORMATS = new Map<string, Conversion['timeFormat']>([
  ['auto', 'auto'],
  ['epochsecs', 'epochsecs'],
  ['epochmillisecs', 'epochmillisecs'],
  ['YYYY-MM-DD HH:MI:SS', 'default'],
  ['YYYY-MM-DD HH24:MI:SS', 'default'],
]);

const readOneOf = <T>(option: string, known: ReadonlyMap<string, T>, reader: TokenReader): T => {
  const text = readText(reader);
  const value = known.get(text);
  if (value === undefined) throw refused(`COPY option ${option} '${text}'`);
  return value;
};

/** NUL is the one character that has a notation of its own. */
const nullStringOf = (text: string): string => (text === '\\0' || text === '\\000' ? '\0' : text);

/** Of what is loaded nothing depends on these: the stage does not compress and has no statistics of its own. */
const passSwitch: Read = (reader) => {
  if (!reader.take('PRESET')) readSwitch(reader);
};

const afterWith = (reader: TokenReader): string => {
  if (!reader.take('CREDENTIALS')) throw syntaxError(reader);
  return readCredentials('COPY', reader);
};

/** 0, the default, means what 1 does: the first error ends the load. */
const passMaxError: Read = (reader) => {
  const count = readInteger(reader);
  if (count > 1) throw refused(`COPY option MAXERROR ${count}`);
};

export const COPY_OPTIONS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['FORMAT', readFormat],
  ['CSV', flag({ format: 'csv' })],
  ['JSON', readJson],
  ['DELIMITER', (reader, draft) => void (draft.delimiter = readCharacter('COPY delimiter', reader))],
  ['QUOTE', (reader, draft) => void (draft.quote = readCharacter('COPY quote', reader))],
  ['ESCAPE', flag({ hasEscapes: true })],
  ['REMOVEQUOTES', flag({ removesQuotes: true })],
  ['IGNOREBLANKLINES', flag({ ignoresBlankLines: true })],
  ['IGNOREHEADER', (reader, draft) => void (draft.ignoreHeader = readInteger(reader))],
  ['MAXERROR', passMaxError],
  ['IAM_ROLE', (reader, draft) => void (draft.roleArn = readRole('COPY', reader))],
  ['CREDENTIALS', (reader, draft) => void (draft.roleArn = readCredentials('COPY', reader))],
  ['WITH', (reader, draft) => void (draft.roleArn = afterWith(reader))],
  ['REGION', (reader, draft) => void (draft.region = readText(reader))],
  ['GZIP', flag({ compression: 'gzip' })],
  ['ZSTD', flag({ compression: 'zstd' })],
  ['MANIFEST', flag({ isManifest: true })],
  ['FILLRECORD', flag({ fillsRecords: true })],
  ['EXPLICIT_IDS', flag({ hasExplicitIds: true })],
  ['NULL', (reader, draft) => void (draft.nullAs = nullStringOf(readText(reader)))],
  ['EMPTYASNULL', flag({ emptyAsNull: true })],
  ['BLANKSASNULL', flag({ blanksAsNull: true })],
  ['TRIMBLANKS', flag({ trimsBlanks: true })],
  ['TRUNCATECOLUMNS', flag({ truncatesColumns: true })],
  ['ROUNDEC', flag({ roundsDecimals: true })],
  ['DATEFORMAT', (reader, draft) => void (draft.dateFormat = readOneOf('DATEFORMAT', DATE_FORMATS, reader))],
  ['TIMEFORMAT', (reader, draft) => void (draft.timeFormat = readOneOf('TIMEFORMAT', TIME_FORMATS, reader))],
  ['COMPUPDATE', passSwitch],
  ['STATUPDATE', passSwitch],
]);
