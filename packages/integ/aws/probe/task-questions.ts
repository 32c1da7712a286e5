import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ProbeGround, Question } from './probe-ground.ts';

/** How long the function is to be busy when its task is answered. */
const BUSY_MS = 4_000;

const start = async ({ sfn, outputs }: ProbeGround, machine: string, ms: number): Promise<string> => {
  const command = new StartExecutionCommand({
    stateMachineArn: outputs[`Out${machine}Arn`],
    input: JSON.stringify({ ms }),
  });
  return (await sfn.send(command)).executionArn ?? '';
};

const historyOf = async ({ sfn }: ProbeGround, executionArn: string): Promise<readonly HistoryEvent[]> =>
  (await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? [];

/** The token of the n-th attempt: Step Functions shows it in what it has sent. */
const tokenOf = (on: ProbeGround, executionArn: string, attempt = 1): Promise<string> =>
  on.until(async () => {
    const events = await historyOf(on, executionArn);
    const sent = events.filter(({ type }) => type === 'TaskScheduled')[attempt - 1];
    const { Payload } = JSON.parse(sent?.taskScheduledEventDetails?.parameters ?? '{}') as {
      readonly Payload?: { readonly token?: string };
    };
    return Payload?.token;
  });

const submitted = (on: ProbeGround, executionArn: string): Promise<true> =>
  on.until(async () =>
    (await historyOf(on, executionArn)).some(({ type }) => type === 'TaskSubmitted') ? true : undefined,
  );

const statusOf = async ({ sfn }: ProbeGround, executionArn: string): Promise<string | undefined> =>
  (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;

const ended = (on: ProbeGround, executionArn: string): Promise<string> =>
  on.until(async () => {
    const status = await statusOf(on, executionArn);
    return status === 'RUNNING' ? undefined : status;
  });

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

const retryToken: Question = {
  point: 1,
  question: 'Does a Retry after a failure that is no time-out give the task a new token?',
  ask: async (on) => {
    const executionArn = await start(on, 'Retried', 0);
    const first = await tokenOf(on, executionArn);
    await submitted(on, executionArn);
    await on.sfn.send(new SendTaskFailureCommand({ taskToken: first, error: 'Probe', cause: 'to be retried' }));
    const second = await tokenOf(on, executionArn, 2);
    await on.sfn.send(new StopExecutionCommand({ executionArn }));
    return first === second ? 'no: the same token' : 'yes: another token';
  },
};

const earlyAnswer: Question = {
  point: 2,
  question: 'What becomes of SendTaskSuccess while the function that the task has called still runs?',
  ask: async (on) => {
    const executionArn = await start(on, 'Callback', BUSY_MS);
    const taskToken = await tokenOf(on, executionArn);
    const answer = await on.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' })).then(
      () => 'accepted',
      (error: unknown) => `refused as ${nameOf(error)}`,
    );
    const status = await ended(on, executionArn);
    const events = await historyOf(on, executionArn);
    const wasSubmitted = events.some(({ type }) => type === 'TaskSubmitted');
    return `${answer}; the execution ends ${status}, ${wasSubmitted ? 'after' : 'without'} TaskSubmitted`;
  },
};

const scoped: Question = {
  point: 3,
  question: 'Can states:SendTaskSuccess be scoped to the ARN of a state machine?',
  ask: async (on) => {
    const executionArn = await start(on, 'Callback', 0);
    await submitted(on, executionArn);
    const taskToken = await tokenOf(on, executionArn);
    const answerAs = (role: string) =>
      on
        .sfnAs(on.outputs[`Out${role}RoleArn`])
        .send(new SendTaskSuccessCommand({ taskToken, output: '{}' }))
        .then(() => 'allowed', nameOf);
    const other = await answerAs('MayNotAnswer');
    return `a role scoped to another machine: ${other}; to this one: ${await answerAs('MayAnswer')}`;
  },
};

const lateFunction: Question = {
  point: 9,
  question: 'Which error does a function that times out give its task?',
  ask: async (on) => {
    const executionArn = await start(on, 'TimedOut', BUSY_MS);
    await ended(on, executionArn);
    const { error, cause } = await on.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return `${error}: ${cause}`;
  },
};

export const TASK_QUESTIONS: readonly Question[] = [retryToken, earlyAnswer, scoped, lateFunction];
