import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { AwsError } from '../../src/common/aws-error.ts';
import { StageClock } from '../../src/common/clock.ts';
import type { Caller, NeededPermission, PolicyDocument } from '../../src/common/service.ts';
import { Authorizer } from '../../src/iam/authorizer.ts';
import { globalKeysOf } from '../../src/iam/global-keys.ts';
import { Identities } from '../../src/iam/identities.ts';
import { account } from './gateway.ts';
import { KEY, OTHER_ROLE, ROLE_ARN, TAGS } from './iam-cases.ts';

/** A request of a role's session, or of a service, and every policy that has a say in it. */
export interface Case {
  readonly permission: NeededPermission;
  /** @default a session of the role */
  readonly service?: { readonly arn: string; readonly sourceArn: string };
  readonly identity?: PolicyDocument;
  readonly boundary?: PolicyDocument | undefined;
  readonly session?: PolicyDocument | undefined;
  /** Of the queue or key; of the role that is to be assumed, its trust policy. */
  readonly resource?: PolicyDocument | undefined;
}

export type Outcome = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

const NONE: PolicyDocument = { Version: '2012-10-17', Statement: [] };
const BOUNDARY = `arn:aws:iam::${account.accountId}:policy/boundary`;

/** A key without a policy is open to nobody on AWS; this one leaves all to the account. */
const OPEN: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: account.accountId }, Action: 'kms:*', Resource: '*' }],
};
const policyOfResource = ({ permission, resource }: Case) =>
  resource ?? (permission.resource === KEY ? OPEN : undefined);

const clock = new StageClock();

const identitiesOf = ({ permission, identity = NONE, boundary, resource = NONE }: Case): Identities => {
  const identities = new Identities(account);
  if (boundary) identities.putManagedPolicy(BOUNDARY, boundary);
  identities.putRole({
    name: 'r',
    arn: ROLE_ARN,
    trustPolicy: NONE,
    tags: TAGS,
    policies: { p: identity },
    ...(boundary && { permissionsBoundary: BOUNDARY }),
  });
  if (permission.resource === OTHER_ROLE) identities.putRole({ name: 'other', arn: OTHER_ROLE, trustPolicy: resource });
  return identities;
};

const callerOf = ({ service, session }: Case, identities: Identities): Exclude<Caller, { type: 'administrator' }> =>
  service ? { type: 'service', ...service } : identities.sessionOf(ROLE_ARN, 's', session ? [session] : []);

/** What the stage decides. */
export const ours = (one: Case): Outcome => {
  const identities = identitiesOf(one);
  const resourcePolicyOf = () => policyOfResource(one) ?? null;
  const authorizer = new Authorizer({ account, clock, identities, resourcePolicyOf });
  try {
    authorizer.check({ caller: callerOf(one, identities), service: 'sqs', operation: 'Operation' }, [one.permission]);
    return 'Allowed';
  } catch (error) {
    if ((error as AwsError).message.includes('with an explicit deny')) return 'ExplicitlyDenied';
    if ((error as AwsError).message.includes('is not authorized to perform')) return 'ImplicitlyDenied';
    throw error;
  }
};

/** What the simulator decides. */
export const theirs = async (one: Case): Promise<Outcome> => {
  const { permission, identity, boundary, session } = one;
  const caller = callerOf(one, new Identities(account));
  const global = globalKeysOf(caller, { account, now: Date.now(), role: { id: '', tags: TAGS }, isForwarded: false });
  const ofResource: Record<string, string> =
    permission.resource === '*' ? {} : { 'aws:ResourceAccount': account.accountId };
  const result = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action: permission.action,
        resource: { resource: permission.resource, accountId: account.accountId },
        contextVariables: { ...global, ...ofResource, ...(permission.context as Record<string, string | string[]>) },
      },
      identityPolicies: identity ? [{ name: 'p', policy: identity }] : [],
      ...(boundary && { permissionBoundaryPolicies: [{ name: 'b', policy: boundary }] }),
      sessionPolicy: session,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOfResource(one),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
};
