import type { TrackingItem } from '@sfn-redshift/shared';
import type { Delivery, TaskCallback } from '../../src/callback.ts';
import type { ListedStatement, StatementDescription } from '../../src/owner-statements.ts';
import type { SweepDependencies } from '../../src/sweep/dependencies.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import type { WaitingTasks } from '../../src/sweep/waiting-tasks.ts';
import type { Watermark } from '../../src/sweep/watermark.ts';
import { type Answer, RecordedTelemetry, type ResourceResponse } from './drain.ts';
import { DESCRIPTION, ITEM, NOW, STATEMENT_ID } from './fixtures.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryOpenStatements } from './memory-open-statements.ts';
import { MemoryResults } from './memory-results.ts';
import { MemoryTable } from './memory-table.ts';

/** A sweep over fakes. Each fake notes the AWS call that it stands for; what it answers can be replaced. */
export class TestSweep {
  readonly calls: string[] = [];
  readonly answers: Answer[] = [];
  readonly asked: { role: string; what: string }[] = [];
  readonly telemetry = new RecordedTelemetry();
  readonly table = new MemoryTable(this.calls);
  readonly locks = new MemoryLocks(this.calls);
  readonly open = new MemoryOpenStatements(this.table, this.calls);
  time = NOW;
  /** The last run was a minute ago. */
  watermark: Watermark | undefined = { checkedUntil: NOW - 60_000 };
  moves: (watermark: Watermark) => boolean = () => true;
  readonly results = new MemoryResults(this.calls);
  readonly responses: ResourceResponse[] = [];
  respond: () => Promise<{ type: 'delivered' } | { type: 'gone'; reason: string }> = () =>
    Promise.resolve({ type: 'delivered' });
  deliver: (answer: Answer) => Promise<Delivery> = () => Promise.resolve({ type: 'delivered' });
  /** What Redshift knows of a statement. */
  describe: (statementId: string) => Promise<Partial<StatementDescription>> = () => Promise.resolve({});
  cancel: (statementId: string) => Promise<boolean> = () => Promise.resolve(true);
  /** What Step Functions, or Lambda, knows of who waits. */
  beat: (taskToken: string) => ReturnType<WaitingTasks['beat']> = () => Promise.resolve('waits');
  isOver: (executionArn: string) => Promise<boolean> = () => Promise.resolve(false);
  list: (statementName: string) => Promise<readonly ListedStatement[]> = () => Promise.resolve([]);

  readonly #callback: TaskCallback = {
    answer: async (taskToken, result) => {
      this.calls.push(result.type === 'success' ? 'SendTaskSuccess' : 'SendTaskFailure');
      this.answers.push({ taskToken, result });
      return await this.deliver({ taskToken, result });
    },
  };

  get dependencies(): SweepDependencies {
    return {
      table: this.table,
      locks: this.locks,
      open: this.open,
      watermark: {
        read: () => Promise.resolve(this.watermark),
        move: (watermark) => {
          const moves = this.moves(watermark);
          if (moves) this.watermark = watermark;
          return Promise.resolve(moves);
        },
      },
      callback: this.#callback,
      durable: {
        answer: async (callbackId, result) => {
          this.calls.push(`SendDurableExecutionCallback${result.type === 'success' ? 'Success' : 'Failure'}`);
          this.answers.push({ taskToken: callbackId, result });
          return await this.deliver({ taskToken: callbackId, result });
        },
        beat: async (callbackId) => {
          this.calls.push('SendDurableExecutionCallbackHeartbeat');
          return await this.beat(callbackId);
        },
      },
      responses: {
        put: async (url, body) => {
          this.calls.push('PUT');
          this.responses.push({ url, body: JSON.parse(body) as ResourceResponse['body'] });
          return await this.respond();
        },
      },
      statements: {
        describe: async ({ ownerRoleArn: role }, statementId) => {
          this.#note('DescribeStatement', role, statementId);
          const told = await this.describe(statementId);
          return { ...DESCRIPTION, state: 'FINISHED', updatedAt: this.time - 30_000, statementId, ...told };
        },
        listByName: async ({ ownerRoleArn: role }, statementName) => {
          this.#note('ListStatements', role, statementName);
          return await this.list(statementName);
        },
        cancel: async ({ ownerRoleArn: role }, statementId) => {
          this.#note('CancelStatement', role, statementId);
          return await this.cancel(statementId);
        },
      },
      results: this.results,
      store: this.results,
      orphans: this.table,
      tasks: {
        beat: async (taskToken) => {
          this.calls.push('SendTaskHeartbeat');
          return await this.beat(taskToken);
        },
        isOver: async (executionArn) => {
          this.calls.push('DescribeExecution');
          return await this.isOver(executionArn);
        },
      },
      telemetry: this.telemetry,
      now: () => this.time,
    };
  }

  #note(call: string, role: string, what: string): void {
    this.calls.push(call);
    this.asked.push({ role, what });
  }

  run(remainingMs: () => number = () => 60_000): Promise<void> {
    return runSweep(remainingMs, this.dependencies);
  }

  /** The calls since the last time, without those of finding what is due. */
  takeCalls(): string[] {
    return this.calls.splice(0).filter((call) => call !== 'Query');
  }

  /** Everything that was logged, as one text. */
  get log(): string {
    return JSON.stringify(this.telemetry.lines);
  }
}

/** An open statement of this age at NOW, milliseconds. */
export const aged = (age: number, change: Partial<TrackingItem> = {}): TrackingItem => ({
  ...ITEM,
  startedAt: NOW - age,
  startDeadline: NOW - age + 30_000,
  ...change,
});

/** A claim of this age without a statement. */
export const halfDone = (age: number, change: Partial<TrackingItem> = {}): TrackingItem => {
  const { statementId: _id, ...claim } = aged(age, { status: 'starting', ...change });
  return claim;
};

export const LISTED: ListedStatement = {
  statementId: STATEMENT_ID,
  statementName: ITEM.statementName,
  createdAt: NOW - 60_000,
};
