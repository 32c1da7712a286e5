import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { PolicyDocument } from '../common/service.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { KeyDirectory } from './kms.ts';
import {
  checkRedrive,
  parseRedriveAllowPolicy,
  parseRedrivePolicy,
  type RedriveAllowPolicy,
  type RedrivePolicy,
} from './sqs-redrive.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What the stage has to know of a queue itself. */
export interface KnownQueue {
  readonly policy?: PolicyDocument | undefined;
  /** The customer's key; none: one of AWS's own, or no encryption. Using that needs no permission. */
  readonly keyArn?: string | undefined;
  readonly redrive?: RedrivePolicy | undefined;
  readonly redriveAllow?: RedriveAllowPolicy | undefined;
}

/** The queues by name, as far as calls on them have to be checked here. */
export class KnownQueues {
  readonly #queues = new Map<string, KnownQueue>();
  readonly #keys: KeyDirectory;
  readonly #arnOf: (name: string) => string;

  constructor(deps: { readonly keys: KeyDirectory; readonly arnOf: (name: string) => string }) {
    this.#keys = deps.keys;
    this.#arnOf = deps.arnOf;
  }

  get(name: string): KnownQueue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): KnownQueue | undefined {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return this.#arnOf(name) === arn ? this.#queues.get(name) : undefined;
  }

  /** Names of the queues whose dead letters come to this one, sorted. */
  sourcesOf(name: string): readonly string[] {
    const arn = this.#arnOf(name);
    return [...this.#queues]
      .flatMap(([source, { redrive }]) => (redrive?.deadLetterTargetArn === arn ? [source] : []))
      .sort();
  }

  /**
   * What a call would change of what is known; an empty text takes away.
   *
   * @throws AwsError for attributes that SQS does not take
   * @throws NotSupportedError naming what the stage could not evaluate in a policy
   */
  changeBy(name: string, attributes: Attributes): KnownQueue {
    const { Policy, KmsMasterKeyId, RedrivePolicy: redrive, RedriveAllowPolicy: redriveAllow } = attributes;
    if (redrive) checkRedrive(this.#arnOf(name), redrive, this.byArn(parseRedrivePolicy(redrive).deadLetterTargetArn));
    return {
      ...(Policy === undefined ? {} : { policy: policyIn(Policy) }),
      ...(KmsMasterKeyId === undefined ? {} : { keyArn: this.#keyArnOf(KmsMasterKeyId) }),
      ...(redrive === undefined ? {} : { redrive: redrive ? parseRedrivePolicy(redrive) : undefined }),
      ...(redriveAllow === undefined
        ? {}
        : { redriveAllow: redriveAllow ? parseRedriveAllowPolicy(redriveAllow) : undefined }),
    };
  }

  set(name: string, change: KnownQueue): void {
    this.#queues.set(name, { ...this.#queues.get(name), ...change });
  }

  delete(name: string): void {
    this.#queues.delete(name);
  }

  #keyArnOf(key: string): string | undefined {
    if (key === '' || key.includes('alias/aws/')) return undefined;
    const arn = this.#keys.arnOf(key);
    if (arn !== undefined) return arn;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${key} for parameter KmsMasterKeyId is invalid. Reason: it does not exist.`,
    );
  }
}

const policyIn = (text: string): PolicyDocument | undefined => {
  if (text === '') return undefined;
  try {
    const document = JSON.parse(text) as PolicyDocument;
    parsePolicy(document, 'key');
    return document;
  } catch (error) {
    if (error instanceof NotSupportedError) throw error;
    throw new AwsError('InvalidAttributeValue', 'Invalid value for the parameter Policy.');
  }
};
