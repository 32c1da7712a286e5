import type { AwsError } from '../../src/common/aws-error.ts';
import { StageClock } from '../../src/common/clock.ts';
import type { Caller, NeededPermission, PolicyDocument, ServiceName } from '../../src/common/service.ts';
import { Authorizer } from '../../src/iam/authorizer.ts';
import { Identities } from '../../src/iam/identities.ts';
import type { RoleDescription } from '../../src/iam/roles.ts';
import { account } from './gateway.ts';

export type Statement = Readonly<Record<string, unknown>>;

export const policyOf = (...Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
export const allow = (Action: string | readonly string[], Resource: string | readonly string[], more: Statement = {}) =>
  ({ Effect: 'Allow', Action, Resource, ...more }) as const;
export const deny = (Action: string, Resource: string, more: Statement = {}) =>
  ({ Effect: 'Deny', Action, Resource, ...more }) as const;

/** A role `r`, what it may do, and the resources that have policies, asked one by one. */
export class AuthorizerStage {
  readonly identities = new Identities(account);
  readonly clock = new StageClock();
  /** By ARN. */
  readonly resourcePolicies: Record<string, PolicyDocument | undefined> = {};
  readonly #authorizer = new Authorizer({
    account,
    clock: this.clock,
    identities: this.identities,
    resourcePolicyOf: (arn) => (arn in this.resourcePolicies ? this.resourcePolicies[arn] : null),
  });

  /** @returns a session `s` of the role */
  role(
    statements: readonly Statement[],
    more: Partial<RoleDescription> & { sessionPolicies?: readonly PolicyDocument[] } = {},
  ): Caller {
    const { sessionPolicies, ...description } = more;
    const name = description.name ?? 'r';
    const arn = `arn:aws:iam::${account.accountId}:role/${name}`;
    const policies = { inline: policyOf(...statements) };
    this.identities.putRole({ name, arn, trustPolicy: policyOf(), policies, ...description });
    return this.identities.sessionOf(arn, 's', sessionPolicies);
  }

  /** A managed policy; returns its ARN. */
  managed(...statements: readonly Statement[]): string {
    const arn = `arn:aws:iam::${account.accountId}:policy/managed`;
    this.identities.putManagedPolicy(arn, policyOf(...statements));
    return arn;
  }

  /** @throws AwsError as the service would answer it */
  check(caller: Caller, needed: NeededPermission | readonly NeededPermission[], call: AskedCall = {}): void {
    const { service = 'sqs', operation = 'Operation' } = call;
    this.#authorizer.check({ caller, service, operation }, [needed].flat());
  }

  /** `ok`, or the message of the refusal. */
  ask(...request: Parameters<AuthorizerStage['check']>): string {
    try {
      this.check(...request);
      return 'ok';
    } catch (error) {
      return (error as AwsError).message;
    }
  }

  close(): void {
    this.clock.stop();
  }
}

interface AskedCall {
  readonly service?: ServiceName;
  readonly operation?: string;
}
