import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { LocalStage } from '../../src/stage.ts';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from './assembly.ts';
import { NAIVE_ASSETS, naiveApp } from './naive-app.ts';

/** The naive app, deployed; orders are run one after the other. */
export class NaiveStage {
  readonly stage: LocalStage;
  readonly #directory: TemporaryDirectory;
  readonly #sfn: SFNClient;
  readonly #dynamoDb: DynamoDBClient;
  readonly #sqs: SQSClient;
  #mark = { calls: 0, events: 0, messages: 0 };

  private constructor(stage: LocalStage, directory: TemporaryDirectory) {
    this.stage = stage;
    this.#directory = directory;
    const { endpoint, region } = stage;
    const client = { endpoint, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
    this.#sfn = new SFNClient(client);
    this.#dynamoDb = new DynamoDBClient(client);
    this.#sqs = new SQSClient(client);
  }

  static async start(seed?: number): Promise<NaiveStage> {
    const directory = temporaryDirectory();
    writeAssembly(directory.path, { Naive: naiveApp }, { assets: NAIVE_ASSETS });
    const options = { postgres: inject('postgresUrl'), ...(seed === undefined ? {} : { seed }) };
    return new NaiveStage(await LocalStage.deploy(directory.path, options), directory);
  }

  get outputs(): Readonly<Record<string, string>> {
    return this.stage.stacks.Naive?.outputs ?? {};
  }

  /** Forgets what was before: faults, counts, records, and messages that nobody could process. */
  async reset(): Promise<void> {
    const { stage } = this;
    stage.faults.clear();
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.outputs.QueueUrl }));
    this.#mark = { calls: stage.calls.latestId, events: stage.events.latestId, messages: stage.messages.latestId };
    const Key = { id: { S: 'total' } };
    await this.#dynamoDb.send(new DeleteItemCommand({ TableName: this.outputs.Table, Key }));
  }

  /** Starts the execution that waits for an order. @returns its ARN */
  async start(order: string, retries = 0): Promise<string> {
    const input = JSON.stringify({ order, retries });
    const command = new StartExecutionCommand({ stateMachineArn: this.outputs.Machine, input });
    return (await this.#sfn.send(command)).executionArn ?? '';
  }

  async run(order: string, retries = 0): Promise<{ status: string | undefined; error: string | undefined }> {
    return this.ended(await this.start(order, retries));
  }

  /** How an execution has ended, once it has: of that, as of its start, an event tells. */
  async ended(executionArn: string): Promise<{ status: string | undefined; error: string | undefined }> {
    const isOfIt = ({ outcome, resources }: { outcome: string; resources: readonly string[] }) =>
      outcome === 'put' && resources.includes(executionArn);
    await this.stage.events.waitFor(isOfIt, { count: 2 });
    const { status, error } = await this.describe(executionArn);
    return { status, error };
  }

  describe(executionArn: string) {
    return this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
  }

  /** Waits until the completer has been done with so many messages since the reset. */
  async completed(count: number): Promise<void> {
    await this.stage.messages.waitFor({ after: this.#mark.messages, outcome: 'deleted' }, { count });
  }

  /** Waits for so many calls of an operation since the reset, by the name of the function that made them. */
  called(operation: string, caller: string, count = 1) {
    return this.stage.calls.waitFor({ after: this.#mark.calls, operation, caller }, { count });
  }

  /** Calls of an operation since the reset. */
  calls(operation: string) {
    return this.stage.calls.find({ after: this.#mark.calls, operation });
  }

  messages() {
    return this.stage.messages.find({ after: this.#mark.messages });
  }

  /** The visibility timeouts of the messages in flight are over. */
  makeVisible(): Promise<number> {
    return this.stage.makeVisible(this.outputs.QueueUrl ?? '');
  }

  /** Waits until an event or a message has met its fault since the reset. */
  async met(what: 'events' | 'messages', outcome: string): Promise<void> {
    const filter = { after: this.#mark[what], outcome };
    await (what === 'events' ? this.stage.events.waitFor(filter) : this.stage.messages.waitFor(filter));
  }

  /** What the completer has counted, and what it holds for the latest order. */
  async total(): Promise<{ ended: number; latest: string | undefined }> {
    const Key = { id: { S: 'total' } };
    const { Item } = await this.#dynamoDb.send(
      new GetItemCommand({ TableName: this.outputs.Table, Key, ConsistentRead: true }),
    );
    return { ended: Number(Item?.ended?.N ?? 0), latest: Item?.latest?.S };
  }

  async close(): Promise<void> {
    this.#sfn.destroy();
    this.#dynamoDb.destroy();
    this.#sqs.destroy();
    await this.stage.close();
    this.#directory.remove();
  }
}
