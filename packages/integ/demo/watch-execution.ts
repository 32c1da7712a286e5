import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';

const POLL_MS = 150;

/** A state as the history tells it: entered, and later left. */
export interface StateMoment {
  readonly type: 'entered' | 'left';
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds between entering and leaving. */
  readonly tookMs: number;
  /** What the state's task answered, as JSON text, when it succeeded. */
  readonly output?: string;
  /** The error that its task failed with. */
  readonly error?: string;
}

/** Follows an execution to its end: tells each state as it is entered and left, and returns how it ended. */
export const watchExecution = async (
  client: SFNClient,
  executionArn: string,
  tell: (moment: StateMoment) => void,
  signal: AbortSignal,
): Promise<DescribeExecutionCommandOutput> => {
  const seen: HistoryEvent[] = [];
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }), { abortSignal: signal });
    for (const event of await eventsAfter(client, executionArn, seen.length, signal)) {
      seen.push(event);
      const moment = momentOf(event, seen);
      if (moment) tell(moment);
    }
    if (execution.status !== 'RUNNING') return execution;
    await sleep(POLL_MS, undefined, { signal });
  }
};

const eventsAfter = async (client: SFNClient, executionArn: string, known: number, abortSignal: AbortSignal) => {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken && { nextToken }) });
    const page = await client.send(command, { abortSignal });
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events.slice(known);
};

const momentOf = (event: HistoryEvent, seen: readonly HistoryEvent[]): StateMoment | undefined => {
  const at = event.timestamp?.getTime() ?? 0;
  const entered = event.stateEnteredEventDetails?.name;
  if (entered) return { type: 'entered', state: entered, at, tookMs: 0 };
  const left = event.stateExitedEventDetails?.name;
  if (!left) return undefined;
  const trail = trailOf(event, left, seen);
  const tookMs = at - (trail.at(-1)?.timestamp?.getTime() ?? at);
  // The trail of a Parallel leads through one of its branches, whose tasks are not its own.
  return { type: 'left', state: left, at, tookMs, ...(event.type === 'TaskStateExited' && taskEnd(trail)) };
};

const taskEnd = (trail: readonly HistoryEvent[]): Pick<StateMoment, 'output' | 'error'> => {
  const output = trail.find((event) => event.taskSucceededEventDetails)?.taskSucceededEventDetails?.output;
  const error = trail.find((event) => event.taskFailedEventDetails)?.taskFailedEventDetails?.error;
  return { ...(output && { output }), ...(error && { error }) };
};

/** The events that led to this one, back to where the state was entered. */
const trailOf = (event: HistoryEvent, state: string, seen: readonly HistoryEvent[]): HistoryEvent[] => {
  const trail: HistoryEvent[] = [];
  for (let at: HistoryEvent | undefined = event; at; at = previousOf(at, seen)) {
    trail.push(at);
    if (at.stateEnteredEventDetails?.name === state) break;
  }
  return trail;
};

const previousOf = ({ previousEventId = 0 }: HistoryEvent, seen: readonly HistoryEvent[]): HistoryEvent | undefined =>
  previousEventId > 0 ? seen[previousEventId - 1] : undefined;
