import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

const POLL_MS = 50;

/** Starts an execution. */
export const start = async (
  sfn: SFNClient,
  stateMachineArn: string | undefined,
  input: unknown = {},
): Promise<string> => {
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn } = await sfn.send(command);
  if (!executionArn) throw new Error('no execution ARN');
  return executionArn;
};

/** Waits for the end of an execution; the test's own time limit bounds it. */
export const ended = async (sfn: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput> => {
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await sleep(POLL_MS);
  }
};

/** Runs a state machine to its end. */
export const run = async (
  sfn: SFNClient,
  stateMachineArn: string | undefined,
  input: unknown = {},
): Promise<DescribeExecutionCommandOutput> => ended(sfn, await start(sfn, stateMachineArn, input));

/** Waits until `find` gives something. */
export const eventually = async <T>(find: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(POLL_MS);
  }
};

/** The names of the events of an execution, in order. */
export const historyOf = async (sfn: SFNClient, executionArn: string): Promise<(string | undefined)[]> => {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events.map(({ type }) => type);
};
