import { randomUUID } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { arnIn, iamArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, NeededPermission, PolicyDocument, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { requestContext } from '../iam/context.ts';
import { evaluate } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy.ts';

/** Where a service of the stage looks up the key that a resource names. */
export interface KeyDirectory {
  /** The ARN of the key that an id, ARN, alias name (`alias/x`) or alias ARN stands for. */
  arnOf(key: string): string | undefined;
}

interface Key {
  readonly keyId: string;
  readonly arn: string;
  readonly description: string;
  readonly createdAt: number;
  readonly policy: PolicyDocument;
}

/**
 * The account's KMS keys. They exist, have aliases and can be asked about; nothing is encrypted with them. That a caller
 * may use a key is checked as a permission of the calls that would use it.
 */
export class Keys implements Service, KeyDirectory {
  readonly name = 'kms';
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #keys = new Map<string, Key>();
  /** `alias/NAME` to key id. */
  readonly #aliases = new Map<string, string>();

  constructor(deps: { account: Account; clock: Clock }) {
    this.#account = deps.account;
    this.#clock = deps.clock;
  }

  /**
   * Adds a key, or changes what an existing one has.
   *
   * @param options.keyId a UUID; random by default
   * @param options.policy by default the one that leaves all to the account's IAM policies
   * @throws NotSupportedError naming what the stage could not evaluate in the key policy
   */
  create(options: { keyId?: string; description?: string; policy?: PolicyDocument } = {}): {
    keyId: string;
    arn: string;
  } {
    const { keyId = randomUUID(), description = '', policy = this.#defaultPolicy() } = options;
    parsePolicy(policy, 'key');
    const arn = arnIn(this.#account, 'kms', `key/${keyId}`);
    const createdAt = this.#keys.get(keyId)?.createdAt ?? this.#clock.now();
    this.#keys.set(keyId, { keyId, arn, description, createdAt, policy });
    return { keyId, arn };
  }

  /** At once, where AWS waits for 7 days at least; its aliases go with it. */
  delete(key: string): void {
    const keyId = this.#find(key)?.keyId;
    if (keyId === undefined) return;
    this.#keys.delete(keyId);
    for (const [alias, target] of this.#aliases) if (target === keyId) this.#aliases.delete(alias);
  }

  /**
   * @param alias `alias/NAME`
   * @throws AwsError `AlreadyExistsException`, `NotFoundException`
   */
  createAlias(alias: string, key: string): void {
    if (this.#aliases.has(alias))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${this.#aliasArn(alias)} already exists`);
    this.#aliases.set(alias, this.#get(key).keyId);
  }

  /** @throws AwsError `NotFoundException` */
  updateAlias(alias: string, key: string): void {
    if (!this.#aliases.has(alias))
      throw new AwsError('NotFoundException', `Alias ${this.#aliasArn(alias)} is not found.`);
    this.#aliases.set(alias, this.#get(key).keyId);
  }

  deleteAlias(alias: string): void {
    this.#aliases.delete(alias);
  }

  exists(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  arnOf(key: string): string | undefined {
    return this.#find(key)?.arn;
  }

  resourcePolicyOf(keyArn: string): PolicyDocument | undefined {
    return this.#find(keyArn)?.policy;
  }

  /** Whether the policy of a key lets an AWS service do all of `actions` with it, in calls that have these condition keys. */
  isOpenTo(
    service: string,
    key: string,
    actions: readonly string[],
    context: Readonly<Record<string, string>>,
  ): boolean {
    const found = this.#find(key);
    if (!found) return false;
    const request = {
      resource: found.arn,
      context: requestContext(context),
      subject: { type: 'service', names: [service] },
    } as const;
    const statements = parsePolicy(found.policy, 'key');
    return actions.every((action) => evaluate(statements, { ...request, action }) === 'allowed');
  }

  permissionsFor({ operation, input }: ApiCall): readonly NeededPermission[] {
    const named = operation === 'DescribeKey' ? String(input.KeyId) : undefined;
    return [
      { action: `kms:${operation}`, resource: named === undefined ? '*' : (this.arnOf(named) ?? this.#asArn(named)) },
    ];
  }

  perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    return Promise.resolve().then(() => ({ output: this.#perform(operation, input) }));
  }

  #perform(operation: string, input: ApiCall['input']): unknown {
    if (operation === 'DescribeKey') return { KeyMetadata: this.#metadata(this.#get(String(input.KeyId))) };
    if (operation === 'ListAliases') return { Aliases: this.#aliasEntries(input.KeyId), Truncated: false };
    throw unknownOperation('kms', operation);
  }

  #aliasEntries(of: unknown): unknown {
    const keyId = typeof of === 'string' ? this.#get(of).keyId : undefined;
    return [...this.#aliases]
      .filter(([, target]) => keyId === undefined || target === keyId)
      .map(([AliasName, TargetKeyId]) => ({ AliasName, AliasArn: this.#aliasArn(AliasName), TargetKeyId }));
  }

  #metadata({ keyId, arn, description, createdAt }: Key): unknown {
    return {
      AWSAccountId: this.#account.accountId,
      KeyId: keyId,
      Arn: arn,
      CreationDate: createdAt / 1000,
      Enabled: true,
      Description: description,
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
    };
  }

  #get(key: string): Key {
    const found = this.#find(key);
    if (found) return found;
    const kind = key.includes('alias/') ? 'Alias' : 'Key';
    throw new AwsError(
      'NotFoundException',
      `${kind} '${this.#asArn(key)}' ${kind === 'Key' ? 'does not exist' : 'is not found.'}`,
    );
  }

  #find(key: string): Key | undefined {
    const name = key.startsWith(this.#prefix()) ? key.slice(this.#prefix().length) : key;
    return this.#keys.get(this.#aliases.get(name) ?? name.replace(/^key\//, ''));
  }

  #asArn(key: string): string {
    if (key.startsWith('arn:')) return key;
    return this.#prefix() + (key.startsWith('alias/') ? key : `key/${key}`);
  }

  #aliasArn(alias: string): string {
    return this.#prefix() + alias;
  }

  #defaultPolicy(): PolicyDocument {
    const Principal = { AWS: iamArn(this.#account, 'root') };
    return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] };
  }

  #prefix(): string {
    return arnIn(this.#account, 'kms', '');
  }
}

/** Takes every key id and key ARN for an existing key of the account; knows no aliases. */
export const assumedKeys = (account: Account): KeyDirectory => ({
  arnOf: (key) => {
    if (key.includes('alias/')) return undefined;
    return key.startsWith('arn:') ? key : arnIn(account, 'kms', `key/${key}`);
  },
});
