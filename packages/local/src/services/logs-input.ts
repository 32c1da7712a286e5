import { parseArn } from '../common/arn.ts';
import { AwsError, NotSupportedError } from '../common/aws-error.ts';

export type Input = Readonly<Record<string, unknown>>;

const PERIOD = ['startTime', 'endTime', 'limit', 'nextToken'];
const GROUP = ['logGroupName', 'logGroupIdentifier'];

/** What each operation acts upon; anything else would be ignored in silence. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  CreateLogGroup: ['logGroupName'],
  DeleteLogGroup: ['logGroupName'],
  PutRetentionPolicy: ['logGroupName', 'retentionInDays'],
  DeleteRetentionPolicy: ['logGroupName'],
  CreateLogStream: ['logGroupName', 'logStreamName'],
  PutLogEvents: ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken'],
  DescribeLogGroups: ['logGroupNamePrefix', 'logGroupNamePattern', 'limit', 'nextToken'],
  DescribeLogStreams: [...GROUP, 'logStreamNamePrefix', 'orderBy', 'descending', 'limit', 'nextToken'],
  GetLogEvents: [...GROUP, ...PERIOD, 'logStreamName', 'startFromHead'],
  // `interleaved` has had no effect on AWS since 2019: events always are.
  FilterLogEvents: [...GROUP, ...PERIOD, 'logStreamNames', 'logStreamNamePrefix', 'filterPattern', 'interleaved'],
};

export const knowsOperation = (operation: string): boolean => operation in MEMBERS;

/** @throws NotSupportedError naming the parameter */
export const refuseUnknownParameters = (operation: string, input: Input): void => {
  const unknown = Object.keys(input).find((member) => !MEMBERS[operation]?.includes(member));
  if (unknown) throw new NotSupportedError(`The ${operation} parameter ${unknown} is not supported.`);
};

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

export const textOf = (input: Input, member: string): string | undefined => {
  const value = input[member];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(`${member} must be a string.`);
};

export const numberOf = (input: Input, member: string): number | undefined => {
  const value = input[member];
  if (value === undefined || typeof value === 'number') return value;
  throw invalidParameter(`${member} must be a number.`);
};

/** The group's name, also when it is named by its ARN (with or without the final `:*`). */
export const groupNameOf = (input: Input): string => {
  const named = textOf(input, 'logGroupName') ?? textOf(input, 'logGroupIdentifier') ?? '';
  return (
    parseArn(named)
      ?.resource.replace(/^log-group:/, '')
      .replace(/:\*$/, '') ?? named
  );
};

/** @returns how many results a page may have at most */
export const limitOf = (input: Input, most: number): number => {
  const limit = numberOf(input, 'limit') ?? most;
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw invalidParameter(`limit must be a whole number from 1 to ${most}.`);
};

/**
 * Whether a message has what a filter pattern asks for: one term, plain or in double quotes, found anywhere in it.
 *
 * @throws NotSupportedError for the rest of the pattern language
 */
export const messageFilter = (pattern: string | undefined): ((message: string) => boolean) => {
  if (pattern === undefined || pattern.trim() === '') return () => true;
  const [, plain, quoted] = /^(?:(\w+)|"([^"\\]+)")$/.exec(pattern.trim()) ?? [];
  const term = plain ?? quoted;
  if (term === undefined)
    throw new NotSupportedError(
      'A filterPattern of other than one term of letters, digits and _, or one in double quotes, is not supported.',
    );
  return (message) => message.includes(term);
};
