import type { StatementEvent } from '@sfn-redshift/shared';
import type { LogFields, Telemetry } from '@sfn-redshift/shared/telemetry';
import type { CompletionQueue } from '../../src/completion-queue.ts';
import type { InvokerConfig } from '../../src/config.ts';
import type { InvokerDependencies } from '../../src/dependencies.ts';
import type { StartedStatements } from '../../src/started-statements.ts';
import type { TaskTokens } from '../../src/task-tokens.ts';
import { FakeDataApi } from './fake-data-api.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryTable } from './memory-table.ts';

export const CONFIG: InvokerConfig = {
  tableName: 'tracking',
  statementNamePrefix: 'tasker-1a2b/',
  retentionDays: 7,
  targetId: 'default',
  ownerRoleArn: 'arn:aws:iam::123456789012:role/invoker',
  target: { clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' },
  completionQueueUrl: 'https://sqs.example/completions',
  withoutSqlComment: true,
};

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

  /** Returns something, as Powertools does; to middy that would be an answer. */
  publish: () => void = () => {
    this.published += 1;
    return this;
  };
}

/** Tasks by their tokens: all wait, but those of which it is said otherwise. */
export class FakeTasks implements TaskTokens {
  readonly gone = new Set<string>();
  readonly asked: string[] = [];
  failure: Error | undefined;

  isGone(taskToken: string): Promise<boolean> {
    this.asked.push(taskToken);
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.gone.has(taskToken));
  }
}

/** What the drain was handed, in order. */
export class FakeCompletions implements CompletionQueue {
  readonly reported: StatementEvent[] = [];
  readonly sent: Readonly<Record<string, unknown>>[] = [];
  failure: Error | undefined;

  report(event: StatementEvent): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.reported.push(event);
    return Promise.resolve();
  }

  send(message: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.sent.push(message);
    return Promise.resolve();
  }
}

/** Statements by their names, as Redshift lists them. */
export class FakeStarts implements StartedStatements {
  readonly ids = new Map<string, string>();
  readonly asked: string[] = [];

  find(statementName: string): Promise<string | undefined> {
    this.asked.push(statementName);
    return Promise.resolve(this.ids.get(statementName));
  }
}

export interface TestDependencies extends InvokerDependencies {
  readonly dataApi: FakeDataApi;
  readonly table: MemoryTable;
  readonly locks: MemoryLocks;
  readonly tasks: FakeTasks;
  readonly completions: FakeCompletions;
  readonly starts: FakeStarts;
  readonly telemetry: RecordedTelemetry;
  readonly clock: { time: number };
}

export const START = Date.parse('2026-11-26T08:00:00Z');

export const testDependencies = (): TestDependencies => {
  const clock = { time: START };
  return {
    config: CONFIG,
    dataApi: new FakeDataApi(),
    table: new MemoryTable(),
    locks: new MemoryLocks(),
    tasks: new FakeTasks(),
    completions: new FakeCompletions(),
    starts: new FakeStarts(),
    telemetry: new RecordedTelemetry(),
    clock,
    now: () => clock.time,
  };
};
