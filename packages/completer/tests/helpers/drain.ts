import type { TaskResult } from '@sfn-redshift/shared';
import type { LogFields, Telemetry } from '@sfn-redshift/shared/telemetry';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Delivery, TaskCallback } from '../../src/callback.ts';
import type { CompletionMessage } from '../../src/completion-message.ts';
import type { DrainDependencies } from '../../src/dependencies.ts';
import type { DurableCallbacks } from '../../src/durable-callbacks.ts';
import type { StatementDescription } from '../../src/owner-statements.ts';
import { settleBatch } from '../../src/settle-batch.ts';
import { DESCRIPTION, NOW, PREFIX } from './fixtures.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryResults } from './memory-results.ts';
import { MemoryTable } from './memory-table.ts';

/** What was logged and counted, in order. */
export class RecordedTelemetry implements Telemetry {
  readonly lines: { level: string; message: string; fields: LogFields }[] = [];
  readonly counts: string[] = [];
  published = 0;

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }

  count(metric: string): void {
    this.counts.push(metric);
  }

  publish(): void {
    this.published += 1;
  }
}

/** To a task, or to a callback of a durable function: then its id stands in place of the token. */
export interface Answer {
  readonly taskToken: string;
  readonly result: TaskResult;
}

/** An answer to CloudFormation. */
export interface ResourceResponse {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A drain over fakes. Each fake notes the AWS call that it stands for; what it answers can be replaced. */
export class TestDrain {
  readonly calls: string[] = [];
  readonly answers: Answer[] = [];
  readonly deferred: { message: CompletionMessage; seconds: number }[] = [];
  readonly described: { role: string; statementId: string }[] = [];
  readonly telemetry = new RecordedTelemetry();
  readonly table = new MemoryTable(this.calls);
  readonly locks = new MemoryLocks(this.calls);
  readonly cancelled: { role: string; statementId: string }[] = [];
  time = NOW;
  cancel: (statementId: string) => Promise<boolean> = () => Promise.resolve(true);
  readonly responses: ResourceResponse[] = [];
  respond: () => Promise<{ type: 'delivered' } | { type: 'gone'; reason: string }> = () =>
    Promise.resolve({ type: 'delivered' });
  deliver: (answer: Answer) => Promise<Delivery> = () => Promise.resolve({ type: 'delivered' });
  errorText: () => Promise<string | undefined> = () => Promise.resolve(undefined);
  defer: () => Promise<void> = () => Promise.resolve();
  readonly results = new MemoryResults(this.calls);
  /** What is told of a statement beside its error text. */
  description: Partial<StatementDescription> = {};

  readonly #callback: TaskCallback = {
    answer: async (taskToken, result) => {
      this.calls.push(result.type === 'success' ? 'SendTaskSuccess' : 'SendTaskFailure');
      this.answers.push({ taskToken, result });
      return await this.deliver({ taskToken, result });
    },
  };

  readonly #durable: DurableCallbacks = {
    answer: async (callbackId, result) => {
      this.calls.push(`SendDurableExecutionCallback${result.type === 'success' ? 'Success' : 'Failure'}`);
      this.answers.push({ taskToken: callbackId, result });
      return await this.deliver({ taskToken: callbackId, result });
    },
    beat: () => Promise.reject(new Error('the drain sends no heartbeats')),
  };

  get dependencies(): DrainDependencies {
    return {
      statementNamePrefix: PREFIX,
      table: this.table,
      locks: this.locks,
      orphans: this.table,
      callback: this.#callback,
      durable: this.#durable,
      responses: {
        put: async (url, body) => {
          this.calls.push('PUT');
          this.responses.push({ url, body: JSON.parse(body) as ResourceResponse['body'] });
          return await this.respond();
        },
      },
      statements: {
        describe: async ({ ownerRoleArn: role }, statementId) => {
          this.calls.push('DescribeStatement');
          this.described.push({ role, statementId });
          return { ...DESCRIPTION, statementId, errorText: await this.errorText(), ...this.description };
        },
        cancel: async ({ ownerRoleArn: role }, statementId) => {
          this.calls.push('CancelStatement');
          this.cancelled.push({ role, statementId });
          return await this.cancel(statementId);
        },
        listByName: () => Promise.reject(new Error('the drain lists nothing')),
      },
      results: this.results,
      store: this.results,
      queue: {
        defer: async (message, seconds) => {
          this.calls.push('SendMessage');
          await this.defer();
          this.deferred.push({ message, seconds });
        },
      },
      telemetry: this.telemetry,
      now: () => this.time,
    };
  }

  settle(records: readonly SQSRecord[], remainingMs = 30_000): Promise<SQSBatchResponse> {
    return settleBatch(records, remainingMs, this.dependencies);
  }

  /** The ids of the messages that are to be received again. */
  async retried(...records: readonly SQSRecord[]): Promise<readonly string[]> {
    const { batchItemFailures } = await this.settle(records);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  /** Everything that was logged, as one text. */
  get log(): string {
    return JSON.stringify(this.telemetry.lines);
  }
}
