import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** `Principal` or `NotPrincipal` of a statement. */
export interface ParsedPrincipals {
  readonly not: boolean;
  readonly anyone: boolean;
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

/** Who asks, as a policy with principals sees it. */
export type TrustSubject =
  | { readonly type: 'service'; readonly names: readonly string[] }
  /** `arn` is that of the caller itself, `roleArn` that of its role, when it is a session of one. */
  | { readonly type: 'aws'; readonly arn: string; readonly roleArn?: string; readonly accountId: string };

/**
 * How a statement's principals name the asker: itself (by its ARN, or as everybody), its role, or its account. What is granted to the
 * account is for the account's own policies to hand on.
 */
export type NamedAs = 'itself' | 'role' | 'account';

const invalid = (principal: unknown): AwsError =>
  new AwsError('MalformedPolicyDocument', `Invalid principal in policy: ${JSON.stringify(principal)}`);

const ACCOUNT = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/;
const IDENTITY = /^arn:[^:*?]+:(?:iam|sts)::\d{12}:(?:root|(?:role|user|assumed-role|federated-user)\/[^*?]+)$/;

export const parsePrincipals = (statement: Readonly<Record<string, unknown>>): ParsedPrincipals | undefined => {
  const not = statement.NotPrincipal !== undefined;
  if (not && statement.Principal !== undefined)
    throw new AwsError('MalformedPolicyDocument', 'Principal and NotPrincipal exclude each other.');
  const value = statement.NotPrincipal ?? statement.Principal;
  if (value === undefined) return undefined;
  if (not && statement.Effect === 'Allow')
    throw new NotSupportedError('NotPrincipal is supported with the effect Deny only.');
  if (value === '*') return { not, anyone: true, aws: [], services: [] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(value);
  const { AWS = [], Service = [], ...others } = value as Readonly<Record<string, string | readonly string[]>>;
  const [other] = Object.keys(others);
  if (other) throw new NotSupportedError(`The principal type ${other} is not supported; AWS and Service are.`);
  const aws = [AWS].flat();
  const services = [Service].flat();
  const strange = aws.find((name) => name !== '*' && !ACCOUNT.test(name) && !IDENTITY.test(name));
  if (strange !== undefined) throw invalid({ AWS: strange });
  const noService = services.find((name) => typeof name !== 'string' || !/^[\w.-]+$/.test(name));
  if (noService !== undefined) throw invalid({ Service: noService });
  return { not, anyone: aws.includes('*'), aws, services };
};

/** Undefined when the principals are not about the asker. */
export const namedBy = (principals: ParsedPrincipals, subject: TrustSubject): NamedAs | undefined => {
  if (principals.not) return isExempt(principals, subject) ? undefined : 'itself';
  if (principals.anyone) return 'itself';
  if (subject.type === 'service')
    return subject.names.some((name) => principals.services.includes(name)) ? 'itself' : undefined;
  const { arn, roleArn, accountId } = subject;
  if (principals.aws.includes(arn) && !ACCOUNT.test(arn)) return 'itself';
  if (roleArn !== undefined && principals.aws.includes(roleArn)) return 'role';
  return principals.aws.some((name) => ACCOUNT.exec(name)?.[1] === accountId) ? 'account' : undefined;
};

/** AWS may check the account first, then the role, then the session: each of them has to be spared by name. */
const isExempt = ({ anyone, aws, services }: ParsedPrincipals, subject: TrustSubject): boolean => {
  if (anyone) return true;
  if (subject.type === 'service') return subject.names.some((name) => services.includes(name));
  const { arn, roleArn, accountId } = subject;
  return (
    aws.some((name) => ACCOUNT.exec(name)?.[1] === accountId) &&
    (roleArn === undefined || aws.includes(roleArn)) &&
    (ACCOUNT.test(arn) || aws.includes(arn))
  );
};
