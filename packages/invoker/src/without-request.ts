import { type ExecuteRequest, shortSql, withoutCredentials } from '@sfn-redshift/shared';

/** A text of AWS without what the request holds: AWS may quote the value that it found at fault. */
export const withoutRequest = ({ sqlStatement, parameters, callback }: ExecuteRequest) => {
  const secrets = [...Object.values(parameters), ...(callback.type === 'stepFunctions' ? [callback.taskToken] : [])];
  return (text: string): string =>
    secrets.reduce(
      (rest, secret) => rest.replaceAll(wholeWord(secret), '***'),
      withoutCredentials(text.replaceAll(sqlStatement, () => shortSql(sqlStatement))),
    );
};

// Whole words only, or a parameter value of one letter would shred the text.
const wholeWord = (text: string): RegExp =>
  new RegExp(`(?<!\\w)${text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?!\\w)`, 'g');
