import { type ExecuteRequest, shortSql, withoutCredentials } from '@sfn-redshift/shared';

/** A text of AWS without what the request holds: AWS may quote the value that it found at fault. */
export const withoutRequest = ({ sqlStatement, parameters, callback }: ExecuteRequest) => {
  const secrets = [...Object.values(parameters), ...secretsOf(callback)];
  // A value may be a part of another: then the rest of the longer one would stay.
  const longestFirst = secrets.sort((one, other) => other.length - one.length);
  return (text: string): string =>
    longestFirst.reduce(withoutWord, withoutCredentials(text.replaceAll(sqlStatement, () => shortSql(sqlStatement))));
};

const secretsOf = (callback: ExecuteRequest['callback']): readonly string[] => {
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
