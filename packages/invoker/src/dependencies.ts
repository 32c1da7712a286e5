import type { Environment } from '@sfn-redshift/shared';
import { liveTelemetry, type Telemetry } from '@sfn-redshift/shared/telemetry';
import { type CompletionQueue, liveCompletionQueue } from './completion-queue.ts';
import { type InvokerConfig, readConfig } from './config.ts';
import { type DataApi, dataApi, liveDataApiClient } from './data-api.ts';
import { type LockTable, lockTable } from './lock-table.ts';
import { liveStartedStatements, type StartedStatements } from './started-statements.ts';
import { liveTableClient, type StatementTable, statementTable } from './statement-table.ts';
import { liveTaskTokens, type TaskTokens } from './task-tokens.ts';

/** Everything that the invoker's work reaches the world through. */
export interface InvokerDependencies {
  readonly config: InvokerConfig;
  readonly dataApi: DataApi;
  readonly table: StatementTable;
  readonly locks: LockTable;
  readonly tasks: TaskTokens;
  readonly completions: CompletionQueue;
  readonly starts: StartedStatements;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The real ones, made once per sandbox. */
export const liveDependencies = (environment: Environment): InvokerDependencies => {
  const config = readConfig(environment);
  const tableClient = liveTableClient();
  const dataApiClient = liveDataApiClient(config.assumesOwnerRole ? config.ownerRoleArn : undefined);
  return {
    config,
    dataApi: dataApi(dataApiClient, config.target),
    table: statementTable(tableClient, config.tableName),
    locks: lockTable(tableClient, config.tableName),
    tasks: liveTaskTokens(),
    completions: liveCompletionQueue(config.completionQueueUrl),
    starts: liveStartedStatements(dataApiClient),
    telemetry: liveTelemetry(),
    now: Date.now,
  };
};
