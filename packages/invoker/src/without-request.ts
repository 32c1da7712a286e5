import { type StartRequest, shortSql, sqlsOf, withoutCredentials } from '@sfn-redshift/shared';

/** A text of AWS without what the request holds: AWS may quote the value that it found at fault. */
export const withoutRequest = (request: StartRequest) => {
  const { parameters, callback } = request;
  const secrets = [...Object.values(parameters), ...secretsOf(callback)];
  // A value may be a part of another: then the rest of the longer one would stay.
  const longestFirst = secrets.sort(byLength);
  const sqls = [...sqlsOf(request)].sort(byLength);
  return (text: string): string => longestFirst.reduce(withoutWord, withoutCredentials(sqls.reduce(shortened, text)));
};

const byLength = (one: string, other: string): number => other.length - one.length;

const shortened = (text: string, sql: string): string => text.replaceAll(sql, () => shortSql(sql));

const secretsOf = (callback: StartRequest['callback']): readonly string[] => {
  if (callback.type === 'stepFunctions') return [callback.taskToken];
  if (callback.type === 'durableFunction') return [callback.callbackId];
  return callback.type === 'cloudFormation' ? [callback.responseUrl] : [];
};

/**
 * Whole words only, or a parameter value of one letter would shred the text. Not by a pattern: one made of a long value is
 * refused, by an error that quotes the value.
 */
const withoutWord = (text: string, secret: string): string =>
  text
    .split(secret)
    .reduce((before, after) => `${before}${/\w$/.test(before) || /^\w/.test(after) ? secret : '***'}${after}`);
