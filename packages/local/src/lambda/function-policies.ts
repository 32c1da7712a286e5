import type { Account } from '../common/account.ts';
import { iamArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { PolicyDocument } from '../common/service.ts';
import { type FunctionReference, functionArn } from './function-name.ts';

/** A statement of a function's own policy, as AddPermission takes it. */
export interface FunctionPermission {
  readonly statementId: string;
  /** The function, or one version or alias of it: a permission covers only what it names. */
  readonly target: FunctionReference;
  /** Such as `lambda:InvokeFunction`; `*` is allowed at its end. */
  readonly action: string;
  /** `*`, an AWS service (`events.amazonaws.com`), an account id, or the ARN of a user or role. */
  readonly principal: string;
  /** ARN of what the principal must act for; may hold `*` and `?`. */
  readonly sourceArn?: string;
  /** Account of what the principal must act for. */
  readonly sourceAccount?: string;
}

type Statements = ReadonlyMap<string, object>;

/** The policies of functions, of their versions and of their aliases: who may invoke them whom no role lets, AWS services above all. */
export class FunctionPolicies {
  readonly #account: Account;
  /** By ARN, with qualifier where there is one. */
  readonly #statements = new Map<string, Statements>();
  /** Made anew by each change, and only then: readers keep what they have parsed. */
  readonly #documents = new Map<string, PolicyDocument>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** @throws AwsError `ResourceConflictException` when there is a statement of that id, `InvalidParameterValueException` */
  add(permission: FunctionPermission): void {
    if (permission.target.qualifier === '$LATEST')
      throw new AwsError('InvalidParameterValueException', 'We currently do not support adding policies for $LATEST.', {
        members: { Type: 'User' },
      });
    const arn = functionArn(this.#account, permission.target);
    const { statementId } = permission;
    const known = this.#statements.get(arn) ?? new Map<string, object>();
    if (known.has(statementId))
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${statementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        { status: 409, members: { Type: 'User' } },
      );
    this.#set(arn, new Map([...known, [statementId, statementOf(permission, arn, this.#account)]]));
  }

  /** Does nothing when there is no such statement. */
  remove(target: FunctionReference, statementId: string): void {
    const arn = functionArn(this.#account, target);
    const left = [...(this.#statements.get(arn) ?? [])].filter(([id]) => id !== statementId);
    this.#set(arn, new Map(left));
  }

  /** All that was said of just this: the function without its versions and aliases, or one of those. */
  removeFrom(target: FunctionReference): void {
    this.#set(functionArn(this.#account, target), new Map());
  }

  /** All that was said of a function, its versions and aliases. */
  removeAll(name: string): void {
    const arn = functionArn(this.#account, { name, qualifier: undefined });
    for (const known of [...this.#statements.keys()])
      if (known === arn || known.startsWith(`${arn}:`)) this.#set(known, new Map());
  }

  /** Undefined when nobody has been given a permission. */
  of(arn: string): PolicyDocument | undefined {
    return this.#documents.get(arn);
  }

  #set(arn: string, statements: Statements): void {
    if (statements.size === 0) {
      this.#statements.delete(arn);
      this.#documents.delete(arn);
      return;
    }
    this.#statements.set(arn, statements);
    this.#documents.set(arn, { Version: '2012-10-17', Statement: [...statements.values()] });
  }
}

const statementOf = (permission: FunctionPermission, arn: string, account: Account): object => {
  const { statementId, action, principal, sourceArn, sourceAccount } = permission;
  const condition = {
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: statementId,
    Effect: 'Allow',
    Principal: principalOf(principal, account),
    Action: action,
    Resource: arn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
};

const SERVICE = /^[\w-]+(?:\.[\w-]+)*\.amazonaws\.com(?:\.cn)?$/;

const principalOf = (principal: string, account: Account): unknown => {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: iamArn({ ...account, accountId: principal }, 'root') };
  if (principal.startsWith('arn:')) return { AWS: principal };
  if (SERVICE.test(principal)) return { Service: principal };
  throw new AwsError(
    'InvalidParameterValueException',
    'The provided principal was invalid. Please check the principal and try again.',
    { members: { Type: 'User' } },
  );
};
