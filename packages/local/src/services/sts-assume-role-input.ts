import { parseArn } from '../common/arn.ts';
import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** The members of AssumeRole that the stage acts upon. */
export interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
  readonly ExternalId?: string;
  /** A session policy, as JSON text. */
  readonly Policy?: string;
}

const MEMBERS = ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId', 'Policy'];
const DEFAULT_SECONDS = 3600;
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;

/**
 * @throws AwsError `ValidationError` in AWS's words
 * @throws NotSupportedError for members that would change the session and are not acted upon (PolicyArns, Tags, …)
 */
export const assumeRoleInput = (input: Readonly<Record<string, unknown>>): AssumeRoleInput => {
  const unknown = Object.keys(input).find((member) => !MEMBERS.includes(member));
  if (unknown) throw new NotSupportedError(`The AssumeRole parameter ${unknown.replace(/\..*/, '')} is not supported.`);
  const { RoleArn, RoleSessionName, ExternalId, Policy } = input as Readonly<Record<string, string | undefined>>;
  const DurationSeconds = Number(input.DurationSeconds ?? DEFAULT_SECONDS);
  if (!RoleArn || !parseArn(RoleArn)) throw invalid('roleArn', RoleArn, 'be a valid ARN');
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName ?? ''))
    throw invalid('roleSessionName', RoleSessionName, 'satisfy regular expression pattern: [\\w+=,.@-]{2,64}');
  if (!(DurationSeconds >= SHORTEST_SECONDS))
    throw invalid(
      'durationSeconds',
      String(input.DurationSeconds),
      `have value greater than or equal to ${SHORTEST_SECONDS}`,
    );
  if (DurationSeconds > LONGEST_SECONDS)
    throw invalid('durationSeconds', String(DurationSeconds), `have value less than or equal to ${LONGEST_SECONDS}`);
  const optional = { ...(ExternalId === undefined ? {} : { ExternalId }), ...(Policy === undefined ? {} : { Policy }) };
  return { RoleArn, RoleSessionName: RoleSessionName as string, DurationSeconds, ...optional };
};

const invalid = (member: string, value: string | undefined, constraint: string): AwsError =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
