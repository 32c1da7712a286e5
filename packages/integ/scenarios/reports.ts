import assert from 'node:assert/strict';
import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import type { Statement } from './ground.ts';

/** What a state was told of a statement. */
interface Report {
  readonly statementId: string;
  readonly state: string;
}

/** That every state of these executions that was told of a statement was told how that ended. */
export const checkReports = async (
  sfn: SFNClient,
  executionArns: readonly string[],
  statements: readonly Statement[],
): Promise<void> => {
  const reports = (await Promise.all(executionArns.map((arn) => reportsIn(sfn, arn)))).flat();
  const statusOf = new Map(statements.map(({ id, status }) => [id, status]));
  assert.deepEqual(
    reports,
    reports.map(({ statementId }) => ({ statementId, state: statusOf.get(statementId) })),
  );
};

const reportsIn = async (sfn: SFNClient, executionArn: string): Promise<Report[]> => {
  const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
  const { events = [] } = await sfn.send(command);
  return events.flatMap(reportOf);
};

const reportOf = (event: HistoryEvent): Report[] => {
  const output = parsed(event.taskSucceededEventDetails?.output) as { detail?: Partial<Report> } | undefined;
  const told = output?.detail ?? (parsed(event.taskFailedEventDetails?.cause) as Partial<Report> | undefined);
  const { statementId, state } = told ?? {};
  return statementId !== undefined && state !== undefined ? [{ statementId, state }] : [];
};

/** Causes that are not the tasker's are plain text. */
const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return undefined;
  }
};
