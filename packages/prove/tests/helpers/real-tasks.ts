import { isDeepStrictEqual } from 'node:util';
import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ARNS } from './model-tasks.ts';
import type { RealStage } from './real-stage.ts';
import { outcomeOf } from './refusal.ts';
import type { TaskCase, TaskStep, Token } from './task-cases.ts';

/** How often the stage is asked again for what it does after its answer. */
const MOST_LOOKS = 20;

interface Issued {
  readonly token: string;
  readonly task: number;
  readonly execution: string;
}

/** Carries cases out on the stage. */
export class RealTasks {
  readonly #real: RealStage;
  readonly #sfn: SFNClient;
  readonly #sqs: SQSClient;
  /** In the order in which they came. */
  readonly #issued: Issued[] = [];

  constructor(real: RealStage) {
    this.#real = real;
    this.#sfn = new SFNClient(real.client);
    this.#sqs = new SQSClient(real.client);
  }

  /** What came of each step. An execution goes on after a call has been answered: it is looked at until it is as expected. */
  async run(index: number, { siblings, steps }: TaskCase, expected: readonly unknown[]): Promise<readonly unknown[]> {
    const stateMachineArn = this.#real.outputs[`Machine${index}Arn`];
    const items = Array.from({ length: siblings ?? 0 }, (_, task) => ({ task }));
    const input = JSON.stringify({ task: 0, items });
    const { executionArn = '' } = await this.#sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    for (let task = 0; task < (siblings ?? 1); task++) await this.#tokenOf({ task, attempt: 0 }, executionArn);
    const outcomes: unknown[] = [];
    for (const [at, step] of steps.entries()) outcomes.push(await this.#perform(step, executionArn, expected[at]));
    return outcomes;
  }

  close(): void {
    this.#sfn.destroy();
    this.#sqs.destroy();
  }

  async #perform(step: TaskStep, executionArn: string, expected: unknown): Promise<unknown> {
    switch (step.do) {
      case 'succeed': {
        const taskToken = await this.#tokenOf(step.token, executionArn);
        return this.#send(new SendTaskSuccessCommand({ taskToken, output: step.output }));
      }
      case 'fail': {
        const taskToken = await this.#tokenOf(step.token, executionArn);
        return this.#send(new SendTaskFailureCommand({ taskToken, error: step.error, cause: step.cause }));
      }
      case 'beat': {
        const taskToken = await this.#tokenOf(step.token, executionArn);
        return this.#send(new SendTaskHeartbeatCommand({ taskToken }));
      }
      case 'describe':
        return this.#describe(step.execution ? ARNS[step.execution] : executionArn, expected);
      case 'pass':
        return void this.#real.stage.clock.advance(step.seconds * 1000);
      case 'stop':
        return void (await this.#sfn.send(new StopExecutionCommand({ executionArn })));
      case 'redrive':
        return void (await this.#sfn.send(new RedriveExecutionCommand({ executionArn })));
    }
  }

  async #describe(executionArn: string, expected: unknown): Promise<unknown> {
    const look = () =>
      outcomeOf(async () => {
        const command = new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' });
        const { status } = await this.#sfn.send(command);
        return { status };
      });
    let seen = await look();
    for (let looks = 1; looks < MOST_LOOKS && !isDeepStrictEqual(seen, expected); looks++) seen = await look();
    return seen;
  }

  #send(command: SendTaskSuccessCommand | SendTaskFailureCommand | SendTaskHeartbeatCommand): Promise<object> {
    return outcomeOf(async () => {
      await this.#sfn.send(command as SendTaskHeartbeatCommand);
      return {};
    });
  }

  /** Waits for it, if it has not come yet. */
  async #tokenOf(token: Token | 'invalid', execution: string): Promise<string> {
    if (token === 'invalid') return token;
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const own = this.#issued.filter((issued) => issued.execution === execution && issued.task === token.task);
      const found = own[token.attempt];
      if (found) return found.token;
      await this.#receive();
    }
    throw new Error('the token never comes');
  }

  async #receive(): Promise<void> {
    const QueueUrl = this.#real.outputs.TokensUrl;
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await this.#sqs.send(command);
    for (const { Body = '', ReceiptHandle } of Messages) {
      this.#issued.push(JSON.parse(Body) as Issued);
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
