import type { Environment } from '@sfn-redshift/shared';
import { liveTelemetry, type Telemetry } from '@sfn-redshift/shared/telemetry';
import { liveCallbackClient, type TaskCallback, taskCallback } from './callback.ts';
import { type CompletionQueue, completionQueue, liveQueueClient } from './completion-queue.ts';
import { readConfig } from './config.ts';
import { liveOwnerStatements, type OwnerStatements } from './owner-statements.ts';
import { liveTableClient, type StatementTable, statementTable } from './statement-table.ts';

/** Everything that the drain's work reaches the world through. */
export interface DrainDependencies {
  readonly statementNamePrefix: string;
  readonly table: StatementTable;
  readonly callback: TaskCallback;
  readonly statements: OwnerStatements;
  readonly queue: CompletionQueue;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The real ones, made once per sandbox. */
export const liveDependencies = (environment: Environment): DrainDependencies => {
  const { statementNamePrefix, tableName, completionQueueUrl } = readConfig(environment);
  return {
    statementNamePrefix,
    table: statementTable(liveTableClient(), tableName),
    callback: taskCallback(liveCallbackClient()),
    statements: liveOwnerStatements(),
    queue: completionQueue(liveQueueClient(), completionQueueUrl),
    telemetry: liveTelemetry(),
    now: Date.now,
  };
};
