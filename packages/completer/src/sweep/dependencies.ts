import { type Environment, environmentVariable } from '@sfn-redshift/shared';
import { liveTelemetry } from '@sfn-redshift/shared/telemetry';
import { liveCallbackClient, taskCallback } from '../callback.ts';
import type { AnswerDependencies, CancelDependencies } from '../dependencies.ts';
import { liveDurableCallbacks } from '../durable-callbacks.ts';
import { lockTable } from '../lock-table.ts';
import { orphanTable } from '../orphan-table.ts';
import { liveOwnerResults, SWEEP_RESULT_PACE } from '../owner-results.ts';
import { liveOwnerStatements, type OwnerSession, type Paces } from '../owner-statements.ts';
import { responseUrls } from '../resource-callback.ts';
import { liveResultStore } from '../result/live-store.ts';
import { liveTableClient, statementTable } from '../statement-table.ts';
import { type OpenStatements, openStatements } from './open-statements.ts';
import { type WaitingTasks, waitingTasks } from './waiting-tasks.ts';
import { type WatermarkRow, watermarkRow } from './watermark-row.ts';

/** Everything that the sweep's work reaches the world through. */
export interface SweepDependencies extends AnswerDependencies, CancelDependencies {
  readonly open: OpenStatements;
  readonly watermark: WatermarkRow;
  readonly tasks: WaitingTasks;
}

/** How the sweep acts as the owner of a statement. */
const SWEEP_SESSION: OwnerSession = {
  name: 'sfn-redshift-sweep',
  calls: ['DescribeStatement', 'ListStatements', 'CancelStatement'],
};

/**
 * One sandbox runs at a time. With the drain's it leaves a tenth of the account's 100 descriptions a second to others, and
 * takes its 3 cancels. Of a batch of 20 most can wait for their turn to cancel.
 */
export const SWEEP_PACES: Paces = {
  DescribeStatement: { perSecond: 40, maxWaiting: 20 },
  ListStatements: { perSecond: 3, maxWaiting: 20 },
  CancelStatement: { perSecond: 1, maxWaiting: 12 },
};

/** The real ones, made once per sandbox. */
export const liveSweepDependencies = (environment: Environment): SweepDependencies => {
  const tableName = environmentVariable(environment, 'tableName');
  const client = liveTableClient();
  const stepFunctions = liveCallbackClient();
  return {
    table: statementTable(client, tableName),
    locks: lockTable(client, tableName),
    open: openStatements(client, tableName),
    watermark: watermarkRow(client, tableName),
    orphans: orphanTable(client, tableName),
    callback: taskCallback(stepFunctions),
    durable: liveDurableCallbacks(),
    responses: responseUrls(),
    tasks: waitingTasks(stepFunctions),
    statements: liveOwnerStatements(SWEEP_SESSION, SWEEP_PACES),
    results: liveOwnerResults(SWEEP_SESSION.name, SWEEP_RESULT_PACE),
    store: liveResultStore(),
    telemetry: liveTelemetry(),
    now: Date.now,
  };
};
