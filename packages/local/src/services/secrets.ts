import { createHash, randomUUID } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, NeededPermission, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';

/** What a secret is, beside its name. */
export interface SecretContent {
  /** Undefined for a secret that has no value yet. */
  readonly value: string | undefined;
  /** ARN of the customer's key; undefined for AWS's own. */
  readonly keyArn: string | undefined;
}

/** A secret as it is stored. */
export interface Secret extends SecretContent {
  readonly name: string;
  readonly arn: string;
  readonly versionId: string;
  readonly createdAt: number;
}

/** Where other services read secrets in their callers' names. */
export interface SecretDirectory {
  /** By name, ARN, or ARN without its last six characters. */
  find(id: string): Secret | undefined;
  /** What a caller needs who reads it, or would if it existed. */
  readPermissions(id: string): readonly NeededPermission[];
}

/** Secrets Manager ends ARNs so. The stage derives it from the name, so that whoever knows the name knows the ARN. */
const suffixOf = (name: string): string =>
  createHash('sha256').update(`secret:${name}`).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 6);

export const secretArn = (account: Account, name: string): string =>
  arnIn(account, 'secretsmanager', `secret:${name}-${suffixOf(name)}`);

/** The account's secrets. They are made by templates; whoever may read them is given their values. */
export class Secrets implements Service, SecretDirectory {
  readonly name = 'secretsmanager';
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #secrets = new Map<string, Secret>();

  constructor({ account, clock }: { readonly account: Account; readonly clock: Clock }) {
    this.#account = account;
    this.#clock = clock;
  }

  /** Adds a secret, or changes one; another value is another version. */
  put(name: string, { value, keyArn }: SecretContent): void {
    const known = this.#secrets.get(name);
    const version =
      known && known.value === value
        ? { versionId: known.versionId, createdAt: known.createdAt }
        : { versionId: randomUUID() as string, createdAt: this.#clock.now() };
    this.#secrets.set(name, { name, arn: secretArn(this.#account, name), value, keyArn, ...version });
  }

  /** At once, where AWS waits for 7 days at least. */
  delete(name: string): void {
    this.#secrets.delete(name);
  }

  find(id: string): Secret | undefined {
    return (
      this.#secrets.get(id) ??
      [...this.#secrets.values()].find(({ arn }) => arn === id || (arn.startsWith(id) && arn.length === id.length + 7))
    );
  }

  readPermissions(id: string): readonly NeededPermission[] {
    const secret = this.find(id);
    const resource = secret?.arn ?? this.#asArn(id);
    const context = { 'secretsmanager:SecretId': resource };
    return [{ action: 'secretsmanager:GetSecretValue', resource, context }, ...(secret ? this.#decrypt(secret) : [])];
  }

  permissionsFor({ operation, input }: ApiCall): readonly NeededPermission[] {
    const id = String(input.SecretId);
    if (operation === 'GetSecretValue') return this.readPermissions(id);
    const resource = this.find(id)?.arn ?? this.#asArn(id);
    return [{ action: `secretsmanager:${operation}`, resource, context: { 'secretsmanager:SecretId': resource } }];
  }

  perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    return Promise.resolve().then(() => ({ output: this.#perform(operation, input) }));
  }

  #perform(operation: string, input: ApiCall['input']): unknown {
    if (operation !== 'GetSecretValue' && operation !== 'DescribeSecret') throw unknownOperation(this.name, operation);
    const { SecretId } = input;
    if (typeof SecretId !== 'string' || SecretId === '')
      throw new AwsError('ValidationException', 'SecretId must be the name or ARN of a secret.');
    const secret = this.find(SecretId);
    if (!secret) throw noSecret();
    return operation === 'DescribeSecret' ? described(secret) : valueOf(secret, input);
  }

  /** Secrets Manager decrypts in its caller's name. */
  #decrypt({ keyArn, arn, versionId }: Secret): readonly NeededPermission[] {
    if (keyArn === undefined) return [];
    const context = {
      'kms:ViaService': `secretsmanager.${this.#account.region}.amazonaws.com`,
      'kms:CallerAccount': this.#account.accountId,
      'kms:EncryptionContext:SecretARN': arn,
      'kms:EncryptionContext:SecretVersionId': versionId,
    };
    return [{ action: 'kms:Decrypt', resource: keyArn, context }];
  }

  /** Nobody knows the last characters of what does not exist. */
  #asArn(id: string): string {
    return id.startsWith('arn:') ? id : arnIn(this.#account, 'secretsmanager', `secret:${id}-??????`);
  }
}

const CURRENT = 'AWSCURRENT';

const described = ({ arn, name, keyArn, versionId, createdAt }: Secret) => ({
  ARN: arn,
  Name: name,
  ...(keyArn !== undefined && { KmsKeyId: keyArn }),
  CreatedDate: createdAt / 1000,
  VersionIdsToStages: { [versionId]: [CURRENT] },
});

const valueOf = (secret: Secret, { VersionStage = CURRENT, VersionId = secret.versionId }: ApiCall['input']) => {
  const { arn, name, value, versionId, createdAt } = secret;
  if (value === undefined || VersionStage !== CURRENT)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for staging label: ${String(VersionStage)}`,
    );
  if (VersionId !== versionId)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for VersionId: ${String(VersionId)}`,
    );
  return {
    ARN: arn,
    Name: name,
    VersionId: versionId,
    SecretString: value,
    VersionStages: [CURRENT],
    CreatedDate: createdAt / 1000,
  };
};

const noSecret = (): AwsError =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
