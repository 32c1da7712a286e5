import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, PolicyDocument, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import type { KeyDirectory } from './kms.ts';
import { DeadLetterOrigins } from './sqs-dead-letters.ts';
import { checkDelay } from './sqs-delay.ts';
import { FauxqsQueues } from './sqs-fauxqs.ts';
import { handleIn, MoveTasks } from './sqs-move-tasks.ts';
import { nameInArn, queueNameOf, sqsPermissions } from './sqs-permissions.ts';
import { type Attributes, KnownQueues } from './sqs-queues.ts';
import type { Upstream } from './upstream.ts';

/** What fauxqs answers. */
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

const MOST_SOURCES_A_PAGE = 1000;

type Input = ApiCall['input'];
type Output = Record<string, unknown>;

/** SQS by fauxqs, on wall time, with what it lacks: policies, keys, redrive rules, move tasks. */
export class Sqs implements Service {
  readonly name = 'sqs';
  readonly #account: Account;
  readonly #fauxqs: FauxqsQueues;
  readonly #queues: KnownQueues;
  readonly #origins = new DeadLetterOrigins();
  readonly #moves: MoveTasks;

  constructor(deps: { upstream: Upstream; account: Account; endpoint: () => string; keys: KeyDirectory }) {
    const arnOf = (queue: string) => arnIn(deps.account, 'sqs', queue);
    this.#account = deps.account;
    this.#fauxqs = new FauxqsQueues(deps);
    this.#queues = new KnownQueues({ keys: deps.keys, arnOf });
    this.#moves = new MoveTasks({ fauxqs: this.#fauxqs, queues: this.#queues, origins: this.#origins, arnOf });
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    const { operation, input } = call;
    const named = operation === 'CancelMessageMoveTask' ? { SourceArn: handleIn(input.TaskHandle).sourceArn } : input;
    return sqsPermissions({ operation, input: named }, this.#account, {
      keyArnOf: (queue) => this.#queues.get(queue)?.keyArn,
      sourcesOf: (queue) => this.#queues.sourcesOf(queue),
    });
  }

  /** Set like any attribute of a queue, `Policy`. */
  resourcePolicyOf(queueArn: string): PolicyDocument | undefined | null {
    const queue = this.#queues.get(nameInArn(queueArn));
    return queue ? queue.policy : null;
  }

  async perform({ operation, input, http }: ApiCall): Promise<ServiceReply> {
    const output = await this.#perform(operation, input);
    const isUnheard = operation === 'ReceiveMessage' && http?.signal?.aborted;
    return { output: isUnheard ? await this.#putBack(input, output as Output) : output };
  }

  /** Ends what moves messages. */
  async close(): Promise<void> {
    await this.#moves.close();
  }

  #perform(operation: string, input: Input): unknown {
    switch (operation) {
      case 'StartMessageMoveTask':
        return this.#moves.start(input);
      case 'ListMessageMoveTasks':
        return this.#moves.list(input);
      case 'CancelMessageMoveTask':
        return this.#moves.cancel(input);
      case 'ListDeadLetterSourceQueues':
        return this.#listSources(input);
      default:
        return this.#forward(operation, input);
    }
  }

  async #forward(operation: string, input: Input): Promise<Output> {
    if (!OPERATIONS.includes(operation)) throw unknownOperation('sqs', operation);
    if (operation === 'SendMessage') checkDelay(input.DelaySeconds);
    const queue = queueNameOf(input) ?? '';
    const change = this.#queues.changeBy(queue, (input.Attributes ?? {}) as Attributes);
    const output = await this.#fauxqs.call(operation, input);
    if (operation === 'CreateQueue' || operation === 'SetQueueAttributes') this.#queues.set(queue, change);
    this.#noteMessages(operation, input, output);
    if (operation === 'DeleteQueue') this.#queues.delete(queue);
    return operation === 'ReceiveMessage' ? this.#withOrigins(input, output) : output;
  }

  #noteMessages(operation: string, input: Input, output: Output): void {
    const queue = queueNameOf(input) ?? '';
    if (operation === 'ReceiveMessage')
      this.#origins.received(queue, this.#queues.get(queue)?.redrive !== undefined, messagesIn(output));
    if (operation === 'DeleteMessage') this.#origins.deleted(input.ReceiptHandle);
    if (operation === 'DeleteMessageBatch')
      for (const { ReceiptHandle } of (input.Entries ?? []) as readonly Input[]) this.#origins.deleted(ReceiptHandle);
    if (operation === 'PurgeQueue' || operation === 'DeleteQueue') this.#origins.queueEmptied(queue);
  }

  /** Dead letters tell where they come from. */
  #withOrigins(input: Input, output: Output): Output {
    const asked = [input.AttributeNames, input.MessageSystemAttributeNames].flat();
    if (!asked.includes('All') && !asked.includes('DeadLetterQueueSourceArn')) return output;
    const queue = queueNameOf(input);
    const Messages = messagesIn(output).map((message) => {
      const origin = this.#origins.originOf(message.MessageId);
      if (origin === undefined || origin === queue) return message;
      const DeadLetterQueueSourceArn = arnIn(this.#account, 'sqs', origin);
      return { ...message, Attributes: { ...(message.Attributes as Attributes), DeadLetterQueueSourceArn } };
    });
    return Messages.length === 0 ? output : { ...output, Messages };
  }

  /** fauxqs goes on with a long poll whose caller has gone, and would keep what comes from everybody else until it is visible again. */
  async #putBack({ QueueUrl }: Input, output: Output): Promise<Output> {
    for (const { ReceiptHandle } of messagesIn(output))
      await this.#fauxqs.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    return {};
  }

  async #listSources(input: Input): Promise<Output> {
    // Answers for a queue that there is not.
    await this.#fauxqs.call('GetQueueAttributes', { QueueUrl: input.QueueUrl });
    const sources = this.#queues.sourcesOf(queueNameOf(input) ?? '');
    const { NextToken = '0', MaxResults = MOST_SOURCES_A_PAGE } = input;
    const [from, most] = [Number(NextToken), Number(MaxResults)];
    if (!Number.isInteger(most) || most < 1 || most > MOST_SOURCES_A_PAGE || !(from >= 0))
      throw new AwsError('InvalidParameterValue', 'Value for parameter MaxResults or NextToken is invalid.');
    const to = from + most;
    const queueUrls = sources.slice(from, to).map((queue) => this.#fauxqs.urlOf(queue));
    return { queueUrls, ...(to < sources.length ? { NextToken: String(to) } : {}) };
  }
}

const messagesIn = ({ Messages }: Output): readonly Record<string, unknown>[] =>
  Array.isArray(Messages) ? (Messages as readonly Record<string, unknown>[]) : [];
