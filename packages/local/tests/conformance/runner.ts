import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../../src/common/aws-error.ts';
import { startGateway, type TestGateway } from '../helpers/gateway.ts';
import { type Invocation, returned, Spy, StepFunctionsStage, threw } from '../helpers/step-functions.ts';
import { type Answer, type Case, echoes, type Step } from './case.ts';

/** What came of a case. */
export interface Result {
  readonly status: string | undefined;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly payloads: readonly unknown[];
  readonly executionArn: string;
}

const NEVER = new Promise<never>(() => undefined);

/** Runs cases one after the other: the service is in this process, its API is called through the SDK, its clock is moved on. */
export class Runner {
  readonly #stage = new StepFunctionsStage();
  readonly #gateway: TestGateway;
  readonly #client: SFNClient;

  private constructor(gateway: TestGateway) {
    this.#gateway = gateway;
    gateway.gateway.register(this.#stage.service);
    this.#client = new SFNClient(gateway.client());
  }

  static async start(): Promise<Runner> {
    return new Runner(await startGateway());
  }

  async close(): Promise<void> {
    this.#client.destroy();
    await this.#stage.close();
    await this.#gateway.close();
  }

  /** @throws AwsError `InvalidDefinition` */
  async run({ machine, input = {}, functions = {}, steps = [] }: Case): Promise<Result> {
    const stateMachineArn = this.#stage.deploy(machine);
    const invoked = this.#play({ fn: [echoes()], ...functions });
    const start = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    const { executionArn = '' } = await this.#client.send(start);
    const ended = this.#stage.ended(executionArn);
    for (const step of steps) await this.#take(step, { executionArn, invoked, ended });
    await ended;
    const { status, output, error, cause } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
    const payloads = invoked.seen.map(({ payload }) => payload);
    return {
      status,
      output: output === undefined ? undefined : (JSON.parse(output) as unknown),
      error,
      cause,
      payloads,
      executionArn,
    };
  }

  async history(executionArn: string): Promise<readonly { readonly type?: string | undefined }[]> {
    const pages = paginateGetExecutionHistory({ client: this.#client, pageSize: 1000 }, { executionArn });
    const history = [];
    for await (const { events = [] } of pages) history.push(...events);
    return history;
  }

  #play(functions: Readonly<Record<string, readonly Answer[]>>): Spy<Invocation> {
    const invoked = new Spy<Invocation>();
    const counts = new Map<string, number>();
    this.#stage.lambda.answer = (invocation) => {
      const name = String(invocation.input.FunctionName);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      invoked.add(invocation);
      const answers = functions[name] ?? [];
      return given(answers[Math.min(count, answers.length - 1)], invocation);
    };
    return invoked;
  }

  async #take(step: Step, run: { executionArn: string; invoked: Spy<Invocation>; ended: Promise<unknown> }) {
    const { executionArn } = run;
    if (step.kind === 'waits') {
      const armed = this.#stage.clock.waits(step.seconds * 1000).then(() => true);
      if (await Promise.race([armed, run.ended.then(() => false)])) this.#stage.clock.advance(step.seconds * 1000);
      else throw new Error(`The execution ended before anything waited for ${step.seconds} s.`);
    } else if (step.kind === 'stops') {
      await nextTurn();
      await this.#client.send(new StopExecutionCommand({ executionArn, error: step.error, cause: step.cause }));
    } else await this.#call(step, run);
  }

  async #call(
    { call, n, input, refusal }: Step & { kind: 'calls' },
    { executionArn, invoked }: { executionArn: string; invoked: Spy<Invocation> },
  ): Promise<void> {
    await invoked.find(() => invoked.seen.length >= n);
    while (!(await this.#hasSubmitted(executionArn, n))) await nextTurn();
    const { token } = invoked.seen[n - 1]?.payload as { token: string };
    const met = await this.#send(call, { taskToken: token, ...input }).then(
      () => undefined,
      (error: unknown) => (error as Error).name,
    );
    if (met !== refusal) throw new Error(`${call} met ${met ?? 'no exception'}, not ${refusal ?? 'none'}.`);
  }

  #send(call: (Step & { kind: 'calls' })['call'], input: { readonly taskToken: string; readonly output?: string }) {
    const { output = '' } = input;
    if (call === 'SendTaskSuccess') return this.#client.send(new SendTaskSuccessCommand({ ...input, output }));
    if (call === 'SendTaskFailure') return this.#client.send(new SendTaskFailureCommand(input));
    return this.#client.send(new SendTaskHeartbeatCommand(input));
  }

  async #hasSubmitted(executionArn: string, times: number): Promise<boolean> {
    const types = await this.#stage.eventTypes(executionArn);
    return types.filter((type) => type === 'TaskSubmitted').length >= times;
  }
}

const given = (answer: Answer | undefined, { input, payload }: Invocation): unknown => {
  switch (answer?.kind) {
    case 'returns':
      return returned(answer.value);
    case 'throws':
      return threw(answer.error, answer.message);
    case 'echoes':
      return returned(payload ?? null);
    case 'hangs':
      return NEVER;
    case 'refused':
      throw new AwsError(answer.code, answer.message);
    default:
      throw new AwsError('ResourceNotFoundException', `Function not found: ${String(input.FunctionName)}`, {
        status: 404,
      });
  }
};
