import { AwsError } from '../common/aws-error.ts';
import type { DeadLetterOrigins } from './sqs-dead-letters.ts';
import type { FauxqsQueues } from './sqs-fauxqs.ts';
import { MoveTask } from './sqs-move-task.ts';
import { nameInArn } from './sqs-permissions.ts';
import type { KnownQueues } from './sqs-queues.ts';

type Input = Readonly<Record<string, unknown>>;

const FASTEST = 500;
const MOST_KEPT = 10;

/** StartMessageMoveTask and its kin, which fauxqs has not. */
export class MoveTasks {
  readonly #fauxqs: FauxqsQueues;
  readonly #queues: KnownQueues;
  readonly #origins: DeadLetterOrigins;
  readonly #arnOf: (queue: string) => string;
  /** By the name of the source, the newest first. */
  readonly #tasks = new Map<string, readonly MoveTask[]>();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: {
    readonly fauxqs: FauxqsQueues;
    readonly queues: KnownQueues;
    readonly origins: DeadLetterOrigins;
    readonly arnOf: (queue: string) => string;
  }) {
    this.#fauxqs = deps.fauxqs;
    this.#queues = deps.queues;
    this.#origins = deps.origins;
    this.#arnOf = deps.arnOf;
  }

  async start(input: Input): Promise<{ readonly TaskHandle: string }> {
    const source = this.#queueIn(input, 'SourceArn');
    const destination = input.DestinationArn === undefined ? undefined : this.#queueIn(input, 'DestinationArn');
    const perSecond = speedIn(input);
    if (this.#queues.sourcesOf(source).length === 0)
      throw invalid('Source queue must be configured as a Dead Letter Queue.');
    if (destination === source) throw invalid('Source queue and destination queue must be different.');
    this.#checkIdle(source);
    const toMove = await this.#waitingIn(source);
    // Others may have been quicker while the queue was counted.
    this.#checkIdle(source);
    const order = { source, destination, perSecond, toMove, startedAt: Date.now() };
    const task = new MoveTask(order, this.#fauxqs, (messageId) => this.#origins.originOf(messageId));
    this.#tasks.set(source, [task, ...(this.#tasks.get(source) ?? [])].slice(0, MOST_KEPT));
    this.#run(task);
    return { TaskHandle: this.#handleOf(task) };
  }

  list(input: Input): { readonly Results: readonly unknown[] } {
    const source = this.#queueIn(input, 'SourceArn');
    const most = input.MaxResults ?? 1;
    if (!Number.isInteger(most) || Number(most) < 1 || Number(most) > MOST_KEPT)
      throw invalid(
        `Value ${JSON.stringify(most)} for parameter MaxResults is invalid. Reason: Must be between 1 and 10.`,
      );
    return { Results: (this.#tasks.get(source) ?? []).slice(0, Number(most)).map((task) => this.#described(task)) };
  }

  cancel({ TaskHandle }: Input): { readonly ApproximateNumberOfMessagesMoved: number } {
    const { taskId, sourceArn } = handleIn(TaskHandle);
    const task = this.#tasks.get(nameInArn(sourceArn))?.find(({ id }) => id === taskId);
    if (!this.#queues.byArn(sourceArn)) throw noQueue('SourceArn');
    if (!task) throw notFound('Task does not exist.');
    if (task.status !== 'RUNNING') throw invalid('Only active tasks can be cancelled.');
    task.cancel();
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  async close(): Promise<void> {
    for (const task of [...this.#tasks.values()].flat()) if (task.status === 'RUNNING') task.cancel();
    await Promise.all(this.#running);
  }

  #run(task: MoveTask): void {
    const running = task.run().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #checkIdle(source: string): void {
    if (this.#tasks.get(source)?.some(({ status }) => status === 'RUNNING' || status === 'CANCELLING'))
      throw invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
  }

  async #waitingIn(queue: string): Promise<number> {
    const QueueUrl = this.#fauxqs.urlOf(queue);
    const AttributeNames = ['ApproximateNumberOfMessages'];
    const { Attributes } = await this.#fauxqs.call('GetQueueAttributes', { QueueUrl, AttributeNames });
    return Number((Attributes as Readonly<Record<string, string>>).ApproximateNumberOfMessages);
  }

  #queueIn(input: Input, field: 'SourceArn' | 'DestinationArn'): string {
    const arn = input[field];
    if (typeof arn !== 'string' || !/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(arn))
      throw invalid(
        `You must use this format to specify the ${field}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
      );
    if (this.#queues.byArn(arn)) return nameInArn(arn);
    throw noQueue(field);
  }

  #handleOf({ id, order }: MoveTask): string {
    const handle = JSON.stringify({ taskId: id, sourceArn: this.#arnOf(order.source) });
    return Buffer.from(handle).toString('base64');
  }

  #described(task: MoveTask) {
    const { order, status, moved, failureReason } = task;
    return {
      ...(status === 'RUNNING' ? { TaskHandle: this.#handleOf(task) } : {}),
      Status: status,
      SourceArn: this.#arnOf(order.source),
      ...(order.destination === undefined ? {} : { DestinationArn: this.#arnOf(order.destination) }),
      ...(order.perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: order.perSecond }),
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: order.toMove,
      ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
      StartedTimestamp: order.startedAt,
    };
  }
}

/** @throws AwsError `InvalidParameterValue` for what no task has been named by */
export const handleIn = (handle: unknown): { readonly taskId: string; readonly sourceArn: string } => {
  try {
    const parsed = JSON.parse(Buffer.from(String(handle as string), 'base64').toString()) as Record<string, unknown>;
    const { taskId, sourceArn } = parsed;
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // Said below.
  }
  throw invalid('Value for parameter TaskHandle is invalid.');
};

const speedIn = ({ MaxNumberOfMessagesPerSecond: speed }: Input): number | undefined => {
  if (speed === undefined) return undefined;
  if (typeof speed === 'number' && Number.isInteger(speed) && speed >= 1 && speed <= FASTEST) return speed;
  throw invalid(
    `Value ${JSON.stringify(speed)} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and ${FASTEST}.`,
  );
};

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, { status: 404 });

const noQueue = (field: 'SourceArn' | 'DestinationArn'): AwsError =>
  notFound(`The resource that you specified for the ${field} parameter doesn't exist.`);
