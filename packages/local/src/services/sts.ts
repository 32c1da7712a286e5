import type { Account } from '../common/account.ts';
import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, Caller, NeededPermission, PolicyDocument, Service } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { type Identities, serviceSubject } from '../iam/identities.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { TrustSubject } from '../iam/principals.ts';
import type { Role } from '../iam/roles.ts';
import type { CallingFunctions } from '../lambda/calling-functions.ts';
import { type AssumeRoleInput, assumeRoleInput } from './sts-assume-role-input.ts';

interface Deps {
  readonly account: Account;
  readonly identities: Identities;
  readonly clock: Clock;
  /** Whose `functions` are told of the sessions that the code of functions takes on. */
  readonly disturbances: { readonly functions: CallingFunctions };
}

/** Sessions that were themselves begun by AssumeRole get at most an hour. */
const CHAINED_MAX_SECONDS = 3600;

/** STS: `AssumeRole` and `GetCallerIdentity`. */
export const createSts = (deps: Deps): Service => ({
  name: 'sts',
  permissionsFor: (call) =>
    call.operation === 'AssumeRole' ? [assumeRolePermission(assumeRoleInput(call.input))] : [],
  perform: (call) => Promise.resolve().then(() => ({ output: perform(call, deps) })),
});

const perform = (call: ApiCall, deps: Deps): unknown => {
  if (call.operation === 'GetCallerIdentity') return callerIdentity(call.caller, deps);
  if (call.operation === 'AssumeRole') return assumeRole(call.caller, assumeRoleInput(call.input), deps);
  throw unknownOperation('sts', call.operation);
};

const contextOf = ({ RoleSessionName, ExternalId }: AssumeRoleInput): Record<string, string> => ({
  'sts:RoleSessionName': RoleSessionName,
  ...(ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId }),
});

const assumeRolePermission = (input: AssumeRoleInput): NeededPermission => ({
  action: 'sts:AssumeRole',
  resource: input.RoleArn,
  context: contextOf(input),
});

const assumeRole = (caller: Caller, input: AssumeRoleInput, deps: Deps): unknown => {
  const { identities, clock } = deps;
  const role = roleFor(caller, input, deps);
  checkDuration(caller, role, input.DurationSeconds);
  const session = identities.sessionOf(role.arn, input.RoleSessionName, sessionPolicies(input.Policy));
  deps.disturbances.functions.inherit(session, caller);
  const expiresAt = clock.now() + input.DurationSeconds * 1000;
  const keys = identities.temporaryCredentialsFor(session, { expiresAt, now: clock.now() });
  return {
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(expiresAt).toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${input.RoleSessionName}`, Arn: session.arn },
  };
};

/** Whether a role's session may have it, the gateway has checked by its policies and the trust policy together; others have the latter alone. */
const roleFor = (caller: Caller, input: AssumeRoleInput, { account, identities }: Deps): Role => {
  const role = caller.type === 'role' ? identities.roleByArn(input.RoleArn) : undefined;
  if (role) return role;
  const context = {
    ...contextOf(input),
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': account.accountId,
    'aws:PrincipalType': 'Account',
    'aws:PrincipalIsAWSService': 'false',
    'aws:SecureTransport': 'true',
  };
  return identities.trustedRole(input.RoleArn, { subject: subjectOf(caller, account), name: caller.arn, context });
};

const subjectOf = (caller: Caller, account: Account): TrustSubject =>
  caller.type === 'service'
    ? serviceSubject(caller.arn, account)
    : { type: 'aws', arn: caller.arn, accountId: account.accountId };

const checkDuration = (caller: Caller, role: Role, seconds: number): void => {
  if (caller.type === 'role' && seconds > CHAINED_MAX_SECONDS)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  if (seconds > role.maxSessionDurationSeconds)
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
};

/** Read here, so that what cannot be evaluated is refused now and not at the session's first call. */
const sessionPolicies = (policy: string | undefined): readonly PolicyDocument[] => {
  if (policy === undefined) return [];
  let document: PolicyDocument;
  try {
    document = JSON.parse(policy) as PolicyDocument;
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'The session policy is not valid JSON.');
  }
  try {
    parsePolicy(document, 'session');
  } catch (error) {
    if (error instanceof NotSupportedError) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
  return [document];
};

const callerIdentity = (caller: Caller, { account, identities }: Deps): unknown => ({
  UserId:
    caller.type === 'role'
      ? `${identities.roleByArn(caller.roleArn)?.id ?? ''}:${caller.sessionName}`
      : account.accountId,
  Account: account.accountId,
  Arn: caller.arn,
});
