import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, PolicyDocument, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { KeyDirectory } from './kms.ts';
import { queueNameOf, sqsPermissions } from './sqs-permissions.ts';
import type { Upstream } from './upstream.ts';

type Attributes = Readonly<Record<string, string>>;

const OPERATIONS = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListQueueTags',
  'ListQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
];

/** fauxqs has an account and a partition of its own. */
const FAUXQS_ACCOUNT = '000000000000';
/** The attributes in which ARNs stand. */
const WITH_ARNS = ['QueueArn', 'RedrivePolicy', 'RedriveAllowPolicy'];

/** SQS by fauxqs, on wall time: queues of the stage's account, with URLs that lead to the gateway. */
export class Sqs implements Service {
  readonly name = 'sqs';
  readonly #upstream: Upstream;
  readonly #account: Account;
  readonly #endpoint: () => string;
  readonly #keys: KeyDirectory;
  /** Queue name to the customer's key. */
  readonly #keyArns = new Map<string, string>();
  /** Name of every queue to its policy, if it has one. */
  readonly #policies = new Map<string, PolicyDocument | undefined>();

  constructor(deps: { upstream: Upstream; account: Account; endpoint: () => string; keys: KeyDirectory }) {
    this.#upstream = deps.upstream;
    this.#account = deps.account;
    this.#endpoint = deps.endpoint;
    this.#keys = deps.keys;
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    return sqsPermissions(call, this.#account, (queue) => this.#keyArns.get(queue));
  }

  /** Set like any attribute of a queue, `Policy`. */
  resourcePolicyOf(queueArn: string): PolicyDocument | undefined | null {
    const queue = queueArn.slice(queueArn.lastIndexOf(':') + 1);
    return this.#policies.has(queue) ? this.#policies.get(queue) : null;
  }

  async perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    if (!OPERATIONS.includes(operation)) throw unknownOperation('sqs', operation);
    const attributes = input.Attributes as Attributes | undefined;
    const keyArn = this.#keyArnOf(attributes);
    const policy = policyIn(attributes?.Policy);
    const output = await this.#upstream.json(`AmazonSQS.${operation}`, this.#toFauxqs(input));
    this.#rememberKey(operation, queueNameOf(input), keyArn);
    this.#rememberPolicy(operation, queueNameOf(input), policy);
    return { output: this.#fromFauxqs(output) };
  }

  /** Undefined: the call says nothing of a key. Null: a key of AWS's own, or none; using that needs no permission. */
  #keyArnOf(attributes: Attributes | undefined): string | null | undefined {
    const key = attributes?.KmsMasterKeyId;
    if (key === undefined) return undefined;
    if (key === '' || key.includes('alias/aws/')) return null;
    const arn = this.#keys.arnOf(key);
    if (arn !== undefined) return arn;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${key} for parameter KmsMasterKeyId is invalid. Reason: it does not exist.`,
    );
  }

  #rememberKey(operation: string, queue: string | undefined, keyArn: string | null | undefined): void {
    if (queue === undefined) return;
    if (operation === 'DeleteQueue' || keyArn === null) this.#keyArns.delete(queue);
    else if (keyArn !== undefined) this.#keyArns.set(queue, keyArn);
  }

  #rememberPolicy(operation: string, queue: string | undefined, policy: PolicyDocument | null | undefined): void {
    if (queue === undefined) return;
    if (operation === 'DeleteQueue') this.#policies.delete(queue);
    else if (policy !== undefined) this.#policies.set(queue, policy ?? undefined);
    else if (operation === 'CreateQueue' && !this.#policies.has(queue)) this.#policies.set(queue, undefined);
  }

  #toFauxqs(input: ApiCall['input']): Record<string, unknown> {
    const { QueueUrl, Attributes, ...rest } = input;
    return {
      ...rest,
      ...(QueueUrl === undefined ? {} : { QueueUrl: `http://fauxqs/${FAUXQS_ACCOUNT}/${queueNameOf(input)}` }),
      ...(Attributes === undefined
        ? {}
        : { Attributes: withArns(Attributes as Attributes, this.#ownPrefix(), this.#fauxqsPrefix()) }),
    };
  }

  #fromFauxqs(output: Record<string, unknown>): Record<string, unknown> {
    const { QueueUrl, QueueUrls, Attributes, ...rest } = output;
    return {
      ...rest,
      ...(QueueUrl === undefined ? {} : { QueueUrl: this.#urlOf(QueueUrl as string) }),
      ...(QueueUrls === undefined ? {} : { QueueUrls: (QueueUrls as string[]).map((url) => this.#urlOf(url)) }),
      ...(Attributes === undefined
        ? {}
        : { Attributes: withArns(Attributes as Attributes, this.#fauxqsPrefix(), this.#ownPrefix()) }),
    };
  }

  #urlOf(fauxqsUrl: string): string {
    return `${this.#endpoint()}/${this.#account.accountId}/${queueNameOf({ QueueUrl: fauxqsUrl })}`;
  }

  #ownPrefix(): string {
    return arnIn(this.#account, 'sqs', '');
  }

  #fauxqsPrefix(): string {
    return arnIn({ ...this.#account, partition: 'aws', accountId: FAUXQS_ACCOUNT }, 'sqs', '');
  }
}

/**
 * Undefined: the call says nothing of a policy. Null: it takes the policy away.
 *
 * @throws AwsError `InvalidAttributeValue` for what is no policy
 * @throws NotSupportedError naming what the stage could not evaluate in it
 */
const policyIn = (text: string | undefined): PolicyDocument | null | undefined => {
  if (text === undefined) return undefined;
  if (text === '') return null;
  try {
    const document = JSON.parse(text) as PolicyDocument;
    parsePolicy(document, 'key');
    return document;
  } catch (error) {
    if (error instanceof NotSupportedError) throw error;
    throw new AwsError('InvalidAttributeValue', 'Invalid value for the parameter Policy.');
  }
};

const withArns = (attributes: Attributes, from: string, to: string): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      WITH_ARNS.includes(name) ? value.replaceAll(from, to) : value,
    ]),
  );
