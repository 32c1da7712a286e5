import { RedshiftError } from '../errors.ts';
import type { Token } from './lexer.ts';
import { nameOf, splitAtCommas, stringValueOf, TokenReader } from './token-reader.ts';

/** A COPY from S3, as far as the stage knows it. */
export interface CopyStatement {
  readonly schema?: string;
  readonly table: string;
  /** As listed; absent for all of the table's. */
  readonly columns?: readonly string[];
  readonly bucket: string;
  /** Every object whose key begins so is loaded. */
  readonly prefix: string;
  readonly roleArn: string;
  /** Lines at the beginning of each object that are not loaded. */
  readonly ignoreHeader: number;
  readonly delimiter: string;
  /** As named; absent for the warehouse's own. */
  readonly region?: string;
}

type Options = { -readonly [K in 'roleArn' | 'ignoreHeader' | 'delimiter' | 'region']?: CopyStatement[K] } & {
  isCsv?: boolean;
};

/** @throws RedshiftError naming the part that Redshift would not take, or the stage does not know */
export const parseCopy = (tokens: readonly Token[]): CopyStatement => {
  const reader = new TokenReader(tokens);
  reader.take('COPY');
  const target = readTable(reader);
  const listed = reader.parenthesized();
  if (!reader.take('FROM')) throw syntaxError(reader);
  const source = readSource(reader);
  const { isCsv, roleArn, ...options } = readOptions(reader);
  if (!roleArn) throw refused('COPY without IAM_ROLE');
  if (!isCsv) throw refused('COPY without CSV');
  const columns = listed && { columns: splitAtCommas(listed).flat().map(nameOf) };
  return { ...target, ...columns, ...source, roleArn, ignoreHeader: 0, delimiter: ',', ...options };
};

const readTable = (reader: TokenReader): Pick<CopyStatement, 'schema' | 'table'> => {
  const first = readName(reader);
  return reader.take('.') ? { schema: first, table: readName(reader) } : { table: first };
};

const readName = (reader: TokenReader): string => {
  const token = reader.current;
  if (token?.kind !== 'word' && token?.kind !== 'identifier') throw syntaxError(reader);
  reader.next();
  return nameOf(token);
};

const readSource = (reader: TokenReader): Pick<CopyStatement, 'bucket' | 'prefix'> => {
  const from = readString(reader);
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(from) ?? [];
  if (bucket === undefined || prefix === undefined) throw refused('COPY from other than s3://');
  return { bucket, prefix };
};

const readOptions = (reader: TokenReader): Options => {
  const options: Options = {};
  while (reader.current && !reader.take(';')) readOption(reader, options);
  return options;
};

const readOption = (reader: TokenReader, options: Options): void => {
  if (reader.take('FORMAT')) {
    reader.take('AS');
    if (!reader.sees('CSV')) throw refused(`COPY FORMAT ${reader.current?.text ?? ''}`);
  }
  if (reader.take('CSV')) options.isCsv = true;
  else if (reader.take('IAM_ROLE')) options.roleArn = readRole(reader);
  else if (reader.take('IGNOREHEADER')) options.ignoreHeader = readNumber(passAs(reader));
  else if (reader.take('DELIMITER')) options.delimiter = delimiterOf(readString(passAs(reader)));
  else if (reader.take('REGION')) options.region = readString(passAs(reader));
  else if (reader.current?.kind === 'word') throw refused(`COPY option ${reader.current.text.toUpperCase()}`);
  else throw syntaxError(reader);
};

const passAs = (reader: TokenReader): TokenReader => {
  reader.take('AS');
  return reader;
};

const readRole = (reader: TokenReader): string => {
  if (reader.sees('DEFAULT')) throw refused('COPY option IAM_ROLE default');
  const roleArn = readString(reader);
  if (roleArn.includes(',')) throw refused('COPY option IAM_ROLE with a chain of roles');
  return roleArn;
};

const delimiterOf = (text: string): string => {
  const delimiter = text === '\\t' ? '\t' : text;
  if (delimiter.length !== 1) throw new RedshiftError('ERROR: COPY delimiter must be a single character');
  return delimiter;
};

const readString = (reader: TokenReader): string => {
  const value = stringValueOf(reader.current);
  if (value === undefined) throw syntaxError(reader);
  reader.next();
  return value;
};

const readNumber = (reader: TokenReader): number => {
  const token = reader.current;
  if (token?.kind !== 'number' || !/^\d+$/.test(token.text)) throw syntaxError(reader);
  reader.next();
  return Number(token.text);
};

const syntaxError = ({ current }: TokenReader): RedshiftError =>
  new RedshiftError(
    current ? `ERROR: syntax error at or near "${current.text}"` : 'ERROR: syntax error at end of input',
  );

const refused = (what: string): RedshiftError =>
  new RedshiftError(`ERROR: ${what} is not supported by the local stage`);
