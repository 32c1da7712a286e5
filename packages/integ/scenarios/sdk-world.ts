import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ScenarioStacks } from './scenario-stacks.ts';
import { DEFINITE } from './sql-task.ts';
import type { Answer, Ended, StackEnd } from './told.ts';
import type { World } from './world.ts';

/** What the SDK cannot do: it is up to where the scenario runs. */
export type Surroundings = Pick<World, 'lasting' | 'outputs' | 'pass' | 'until'>;

interface Clients {
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
}

const MOST_ATTEMPTS = 8;
const MOST_EVENTS = 1000;

/** Of other processes, and of runs before this one, which may have left things. */
const RUN = `${Date.now().toString(36)}${process.pid.toString(36)}`;

let count = 0;

/** The world as AWS SDK clients see it. */
export const sdkWorld = ({ sfn, lambda }: Clients, surroundings: Surroundings, stacks: ScenarioStacks): World => {
  const { outputs, until, pass } = surroundings;
  const start: World['start'] = async (machine, input = {}) => {
    const command = new StartExecutionCommand({
      stateMachineArn: outputs[`${machine}Arn`],
      input: JSON.stringify(input),
    });
    return (await sfn.send(command)).executionArn ?? '';
  };
  const ended: World['ended'] = (executionArn) => until(() => endOf(sfn, executionArn));
  return {
    ...surroundings,
    sfn,
    lambda,
    start,
    ended,
    run: async (machine, input) => ended(await start(machine, input)),
    submitted: async (executionArn, count = 1) => {
      const isDone = async () =>
        (await submissions(sfn, executionArn)) >= count || (await endOf(sfn, executionArn)) !== undefined;
      await until(async () => ((await isDone()) ? true : undefined));
    },
    ask: async (payload, target) => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await invoke(lambda, outputs[`${target ?? ''}InvokerName`], payload);
        if (!isWorthRepeating(answer) || attempt === MOST_ATTEMPTS) return answer;
        await pass(1);
      }
    },
    deploy: (stack, contents) => settled(stacks.deploy(stack, contents), until),
    remove: (stack) => settled(stacks.remove(stack), until),
    unique: () => `u${RUN}x${((count += 1)).toString(36)}`,
  };
};

/** A stack waits for its resources, and these for time to pass. */
const settled = async (work: Promise<StackEnd>, until: World['until']): Promise<StackEnd> => {
  let end: StackEnd | undefined;
  void work.then((come) => {
    end = come;
  });
  return until(() => Promise.resolve(end));
};

const isWorthRepeating = ({ error }: Answer): boolean =>
  error !== undefined && error !== 'PreviousExecutionNotFound' && !DEFINITE.includes(error);

const endOf = async (sfn: SFNClient, executionArn: string): Promise<Ended | undefined> => {
  const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status === undefined || status === 'RUNNING') return undefined;
  return { executionArn, status, output: output === undefined ? undefined : JSON.parse(output), error, cause };
};

const submissions = async (sfn: SFNClient, executionArn: string): Promise<number> => {
  const command = new GetExecutionHistoryCommand({ executionArn, maxResults: MOST_EVENTS });
  const { events = [] } = await sfn.send(command);
  return events.filter(({ type }) => type === 'TaskSubmitted').length;
};

/** Calls a function and waits for its answer. */
export const invoke = async (
  lambda: LambdaClient,
  FunctionName: string | undefined,
  payload: unknown,
): Promise<Answer> => {
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) });
  const { Payload, FunctionError } = await lambda.send(command);
  const body = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, string>;
  return FunctionError ? { error: body.errorType, message: body.errorMessage, body: {} } : { ...NO_ERROR, body };
};

const NO_ERROR = { error: undefined, message: undefined };
