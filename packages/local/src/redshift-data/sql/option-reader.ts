import { RedshiftError } from '../errors.ts';
import { nameOf, stringValueOf, type TokenReader } from './token-reader.ts';

/** What COPY and UNLOAD name of S3. */
export interface S3Location {
  readonly bucket: string;
  /** A key, or how keys begin. */
  readonly key: string;
}

/** An option of COPY or UNLOAD: reads what follows its keyword and notes it. */
export type OptionReader<Draft> = (reader: TokenReader, draft: Draft) => void;

/**
 * Reads options to the end of the statement.
 *
 * @throws RedshiftError naming an option that `options` does not have
 */
export const readOptions = <Draft>(
  command: string,
  reader: TokenReader,
  options: ReadonlyMap<string, OptionReader<Draft>>,
  draft: Draft,
): void => {
  while (reader.current && !reader.take(';')) {
    if (reader.current.kind !== 'word') throw syntaxError(reader);
    const keyword = reader.current.text.toUpperCase();
    const option = options.get(keyword);
    if (!option) throw refused(`${command} option ${keyword}`);
    reader.next();
    option(reader, draft);
  }
};

export const readName = (reader: TokenReader): string => {
  const token = reader.current;
  if (token?.kind !== 'word' && token?.kind !== 'identifier') throw syntaxError(reader);
  reader.next();
  return nameOf(token);
};

export const readString = (reader: TokenReader): string => {
  const value = stringValueOf(reader.current);
  if (value === undefined) throw syntaxError(reader);
  reader.next();
  return value;
};

/** The string of an option, which may follow an AS. */
export const readText = (reader: TokenReader): string => readString(passAs(reader));

export const readNumber = (reader: TokenReader): number => {
  const token = passAs(reader).current;
  if (token?.kind !== 'number') throw syntaxError(reader);
  reader.next();
  return Number(token.text);
};

export const readInteger = (reader: TokenReader): number => {
  if (!/^\d+$/.test(passAs(reader).current?.text ?? '')) throw syntaxError(reader);
  return readNumber(reader);
};

/** ON, OFF, TRUE or FALSE; on when none of them follows. */
export const readSwitch = (reader: TokenReader): boolean => {
  if (reader.take('OFF') || reader.take('FALSE')) return false;
  if (!reader.take('ON')) reader.take('TRUE');
  return true;
};

export const passAs = (reader: TokenReader): TokenReader => {
  reader.take('AS');
  return reader;
};

/** @param what for the refusal: `COPY from`, `UNLOAD to` */
export const readLocation = (what: string, reader: TokenReader): S3Location => locationOf(what, readString(reader));

export const locationOf = (what: string, text: string): S3Location => {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text) ?? [];
  if (bucket === undefined || key === undefined) throw refused(`${what} other than s3://`);
  return { bucket, key };
};

/** What follows IAM_ROLE. */
export const readRole = (command: string, reader: TokenReader): string => {
  if (reader.sees('DEFAULT')) throw refused(`${command} option IAM_ROLE default`);
  return singleRole(command, readString(reader));
};

/** What follows CREDENTIALS: `aws_iam_role=ARN`. Keys are refused; their text must not get into the message. */
export const readCredentials = (command: string, reader: TokenReader): string => {
  const roleArn = /^aws_iam_role=(.*)$/i.exec(readText(reader))?.[1];
  if (roleArn === undefined) throw refused(`${command} option CREDENTIALS without aws_iam_role`);
  return singleRole(command, roleArn);
};

const singleRole = (command: string, roleArn: string): string => {
  if (roleArn.includes(',')) throw refused(`${command} option IAM_ROLE with a chain of roles`);
  return roleArn;
};

/** One ASCII character, also written `\t` or as an octal number: `\001`. */
export const readCharacter = (option: string, reader: TokenReader): string => {
  const text = readText(reader);
  const octal = /^\\([0-7]{3})$/.exec(text)?.[1];
  const character = text === '\\t' ? '\t' : octal === undefined ? text : String.fromCharCode(Number.parseInt(octal, 8));
  if (character.length !== 1 || character > '\x7f')
    throw new RedshiftError(`ERROR: ${option} must be a single ASCII character`);
  return character;
};

export const syntaxError = ({ current }: TokenReader): RedshiftError =>
  new RedshiftError(
    current ? `ERROR: syntax error at or near "${current.text}"` : 'ERROR: syntax error at end of input',
  );

export const refused = (what: string): RedshiftError =>
  new RedshiftError(`ERROR: ${what} is not supported by the local stage`);

/** @throws RedshiftError when one of `options`, by name and whether it is given, stands beside what excludes it */
export const refuseBeside = (format: string, options: Readonly<Record<string, boolean>>): void => {
  const option = Object.keys(options).find((name) => options[name]);
  if (option) throw new RedshiftError(`ERROR: ${option} cannot be used with ${format}`);
};
