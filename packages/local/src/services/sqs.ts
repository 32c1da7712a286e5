import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
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

  constructor(deps: { upstream: Upstream; account: Account; endpoint: () => string; keys: KeyDirectory }) {
    this.#upstream = deps.upstream;
    this.#account = deps.account;
    this.#endpoint = deps.endpoint;
    this.#keys = deps.keys;
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    return sqsPermissions(call, this.#account, (queue) => this.#keyArns.get(queue));
  }

  async perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    if (!OPERATIONS.includes(operation)) throw unknownOperation('sqs', operation);
    const keyArn = this.#keyArnOf(input.Attributes as Attributes | undefined);
    const output = await this.#upstream.json(`AmazonSQS.${operation}`, this.#toFauxqs(input));
    this.#rememberKey(operation, queueNameOf(input), keyArn);
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

const withArns = (attributes: Attributes, from: string, to: string): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      WITH_ARNS.includes(name) ? value.replaceAll(from, to) : value,
    ]),
  );
