import type { Environment, HeldLocks } from '@sfn-redshift/shared';
import { liveTelemetry, type Telemetry } from '@sfn-redshift/shared/telemetry';
import { liveCallbackClient, type TaskCallback, taskCallback } from './callback.ts';
import { type CompletionQueue, completionQueue, liveQueueClient } from './completion-queue.ts';
import { readConfig } from './config.ts';
import { type DurableCallbacks, liveDurableCallbacks } from './durable-callbacks.ts';
import { lockTable } from './lock-table.ts';
import { type OrphanTable, orphanTable } from './orphan-table.ts';
import { drainResultPace, liveOwnerResults, type OwnerResults } from './owner-results.ts';
import { drainPaces, liveOwnerStatements, type OwnerSession, type OwnerStatements } from './owner-statements.ts';
import { type ResponseUrls, responseUrls } from './resource-callback.ts';
import { liveResultStore } from './result/live-store.ts';
import type { ResultStore } from './result/store-rows.ts';
import { liveTableClient, type StatementTable, statementTable } from './statement-table.ts';

/** What it takes to tell a task how its statement ended, and to close the item. */
export interface AnswerDependencies {
  readonly table: StatementTable;
  readonly locks: HeldLocks;
  readonly callback: TaskCallback;
  readonly durable: DurableCallbacks;
  readonly responses: ResponseUrls;
  readonly statements: OwnerStatements;
  readonly results: OwnerResults;
  readonly store: ResultStore;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Until when long work may go on, epoch milliseconds; every invocation has its own. Absent: as long as it takes. */
  readonly until?: number;
}

/** What it takes to cancel a statement that nobody waits for. */
export interface CancelDependencies extends Pick<AnswerDependencies, 'statements' | 'telemetry' | 'now'> {
  readonly orphans: OrphanTable;
}

/** Everything that the drain's work reaches the world through. */
export interface DrainDependencies extends AnswerDependencies, CancelDependencies {
  readonly statementNamePrefix: string;
  readonly queue: CompletionQueue;
}

/** How the drain acts as the owner of a statement. */
const DRAIN_SESSION: OwnerSession = { name: 'sfn-redshift-drain', calls: ['DescribeStatement', 'CancelStatement'] };

/** The real ones, made once per sandbox. */
export const liveDependencies = (environment: Environment): DrainDependencies => {
  const { statementNamePrefix, tableName, completionQueueUrl, maxConcurrency } = readConfig(environment);
  const tableClient = liveTableClient();
  return {
    statementNamePrefix,
    table: statementTable(tableClient, tableName),
    locks: lockTable(tableClient, tableName),
    orphans: orphanTable(tableClient, tableName),
    callback: taskCallback(liveCallbackClient()),
    durable: liveDurableCallbacks(),
    responses: responseUrls(),
    statements: liveOwnerStatements(DRAIN_SESSION, drainPaces(maxConcurrency)),
    results: liveOwnerResults(DRAIN_SESSION.name, drainResultPace(maxConcurrency)),
    store: liveResultStore(),
    queue: completionQueue(liveQueueClient(), completionQueueUrl),
    telemetry: liveTelemetry(),
    now: Date.now,
  };
};
