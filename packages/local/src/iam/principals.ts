import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** `Principal` or `NotPrincipal` of a statement. */
export interface ParsedPrincipals {
  readonly not: boolean;
  readonly anyone: boolean;
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

/** Who asks, as a trust policy sees it. */
export type TrustSubject =
  | { readonly type: 'service'; readonly name: string }
  /** `arns` are all names of the principal: a role session is known by its own ARN and by its role's. */
  | { readonly type: 'aws'; readonly arns: readonly string[]; readonly accountId: string };

export const parsePrincipals = (statement: Readonly<Record<string, unknown>>): ParsedPrincipals | undefined => {
  const not = statement.NotPrincipal !== undefined;
  const value = statement.NotPrincipal ?? statement.Principal;
  if (value === undefined) return undefined;
  if (value === '*') return { not, anyone: true, aws: [], services: [] };
  if (typeof value !== 'object' || value === null)
    throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: ${JSON.stringify(value)}`);
  const kinds = value as Readonly<Record<string, string | readonly string[]>>;
  for (const kind of Object.keys(kinds)) {
    if (kind !== 'AWS' && kind !== 'Service')
      throw new NotSupportedError(`The principal type ${kind} is not supported; AWS and Service are.`);
  }
  return { not, anyone: false, aws: [kinds.AWS ?? []].flat(), services: [kinds.Service ?? []].flat() };
};

const ACCOUNT = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/;

const namesAws = (principal: string, arns: readonly string[], accountId: string): boolean => {
  if (principal === '*' || arns.includes(principal)) return true;
  return ACCOUNT.exec(principal)?.[1] === accountId;
};

export const principalsInclude = (principals: ParsedPrincipals, subject: TrustSubject): boolean => {
  const named =
    principals.anyone ||
    (subject.type === 'service'
      ? principals.services.includes(subject.name)
      : principals.aws.some((principal) => namesAws(principal, subject.arns, subject.accountId)));
  return named !== principals.not;
};
