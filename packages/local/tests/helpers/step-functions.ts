import { StageClock, type Timer } from '../../src/common/clock.ts';
import { silentLog } from '../../src/common/log.ts';
import type { BusEvent, RoleAssumer, ServiceCaller } from '../../src/common/ports.ts';
import type { Caller } from '../../src/common/service.ts';
import type { HistoryEvent } from '../../src/step-functions/history.ts';
import { createStepFunctions, type StepFunctions } from '../../src/step-functions/index.ts';
import { account } from './gateway.ts';

/** Notes what happens, and lets tests wait for what has happened or will. */
export class Spy<T> {
  readonly seen: T[] = [];
  #waiting: { readonly test: (item: T) => boolean; readonly resolve: (item: T) => void }[] = [];

  add(item: T): void {
    this.seen.push(item);
    const woken = this.#waiting.filter(({ test }) => test(item));
    this.#waiting = this.#waiting.filter((waiter) => !woken.includes(waiter));
    for (const { resolve } of woken) resolve(item);
  }

  find(test: (item: T) => boolean): Promise<T> {
    const found = this.seen.find(test);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }
}

/** A clock that tells when something has begun to wait on it. */
export class ObservedClock extends StageClock {
  readonly #armed = new Spy<{ readonly delayMs: number; cancelled: boolean }>();

  override after(delayMs: number, action: () => void): Timer {
    const armed = { delayMs, cancelled: false };
    const timer = super.after(delayMs, () => {
      armed.cancelled = true;
      action();
    });
    this.#armed.add(armed);
    return {
      cancel: () => {
        armed.cancelled = true;
        timer.cancel();
      },
    };
  }

  /** Resolves when something waits for `delayMs`, give or take `toleranceMs`. */
  async waits(delayMs: number, toleranceMs = 999): Promise<void> {
    await this.#armed.find((armed) => Math.abs(armed.delayMs - delayMs) <= toleranceMs && !armed.cancelled);
  }

  get pending(): number {
    return this.#armed.seen.filter(({ cancelled }) => !cancelled).length;
  }
}

export interface Invocation {
  readonly input: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
  readonly caller: Caller;
}

/** Plays Lambda: notes invocations and answers them as the test says. */
export class FakeLambda implements ServiceCaller {
  readonly invocations = new Spy<Invocation>();
  /** What Invoke answers; by default a function that returns null. */
  answer: (invocation: Invocation) => unknown = () => returned(null);

  async call({ input, caller }: Parameters<ServiceCaller['call']>[0]): Promise<unknown> {
    const payload: unknown = typeof input.Payload === 'string' ? JSON.parse(input.Payload) : undefined;
    const invocation = { input, payload, caller };
    this.invocations.add(invocation);
    return Promise.resolve(this.answer(invocation));
  }

  /** The `n`-th invocation, counted from 1, once there has been one. */
  async nth(n: number): Promise<Invocation> {
    await this.invocations.find(() => this.invocations.seen.length >= n);
    return this.invocations.seen[n - 1] as Invocation;
  }

  /** The `token` in the payload of the `n`-th invocation. */
  async token(n = 1): Promise<string> {
    return ((await this.nth(n)).payload as { token: string }).token;
  }
}

type Request = Parameters<ServiceCaller['call']>[0];

/** Plays every other service: notes calls and answers them as the test says. */
export class FakeServices {
  readonly calls = new Spy<Request>();
  /** By default an empty output. */
  answer: (request: Request) => unknown = () => ({});

  async call(request: Request): Promise<unknown> {
    this.calls.add(request);
    return Promise.resolve(this.answer(request));
  }

  /** The `n`-th call, counted from 1, once there has been one. */
  async nth(n: number): Promise<Request> {
    await this.calls.find(() => this.calls.seen.length >= n);
    return this.calls.seen[n - 1] as Request;
  }
}

export const returned = (value: unknown) => ({
  StatusCode: 200,
  ExecutedVersion: '$LATEST',
  Payload: JSON.stringify(value),
});

export const threw = (errorType: string, errorMessage = 'no') => ({
  StatusCode: 200,
  FunctionError: 'Unhandled',
  Payload: JSON.stringify({ errorType, errorMessage }),
});

const roles: RoleAssumer = {
  assume: (roleArn, _principal, sessionName) => ({
    type: 'role',
    arn: `arn:aws:sts::${account.accountId}:assumed-role/role/${sessionName}`,
    roleArn,
    sessionName,
    sessionPolicies: [],
  }),
  credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
};

export interface Ended {
  readonly status: string;
  readonly output: unknown;
  readonly error: string | null;
  readonly cause: string | null;
}

/** Step Functions with everything around it played. */
export class StepFunctionsStage {
  readonly clock = new ObservedClock();
  readonly lambda = new FakeLambda();
  /** All services but Lambda and Step Functions itself. */
  readonly services = new FakeServices();
  readonly events = new Spy<BusEvent>();
  readonly service: StepFunctions;
  #machines = 0;

  constructor(overrides: { readonly roles?: RoleAssumer; readonly calls?: ServiceCaller } = {}) {
    const { clock, events } = this;
    const sink = { put: (event: BusEvent) => events.add(event) };
    this.service = createStepFunctions({
      account,
      clock,
      roles,
      calls: { call: (request) => this.#route(request) },
      endpoint: () => 'http://127.0.0.1:9',
      events: sink,
      log: silentLog,
      ...overrides,
    });
  }

  async #route(request: Request): Promise<unknown> {
    if (request.service === 'lambda') return this.lambda.call(request);
    if (request.service !== 'states') return this.services.call(request);
    const reply = await this.service.perform({ ...request, requestId: 'r' });
    return 'output' in reply ? reply.output : undefined;
  }

  /** @returns the ARN */
  deploy(definition: unknown, name = `machine-${++this.#machines}`): string {
    const arn = `arn:aws:states:${account.region}:${account.accountId}:stateMachine:${name}`;
    const roleArn = `arn:aws:iam::${account.accountId}:role/machine`;
    this.service.putStateMachine({ name, arn, roleArn, definition: JSON.stringify(definition), type: 'STANDARD' });
    return arn;
  }

  async call<T = Record<string, unknown>>(operation: string, input: Record<string, unknown>): Promise<T> {
    const caller = { type: 'administrator', arn: 'arn:aws:iam::123456789012:root' } as const;
    const reply = await this.service.perform({ service: 'states', operation, input, caller, requestId: 'r' });
    return ('output' in reply ? reply.output : undefined) as T;
  }

  /** @returns the execution's ARN */
  async start(definition: unknown, input: unknown = {}): Promise<string> {
    return this.startMachine(this.deploy(definition), input);
  }

  async startMachine(stateMachineArn: string, input: unknown): Promise<string> {
    const started = await this.call<{ executionArn: string }>('StartExecution', {
      stateMachineArn,
      input: JSON.stringify(input),
    });
    return started.executionArn;
  }

  async ended(executionArn: string): Promise<Ended> {
    const { detail } = await this.events.find(
      (event) => event.resources[0] === executionArn && event.detail.status !== 'RUNNING',
    );
    const output = typeof detail.output === 'string' ? (JSON.parse(detail.output) as unknown) : null;
    return { ...(detail as unknown as Ended), output };
  }

  async run(definition: unknown, input: unknown = {}): Promise<Ended> {
    return this.ended(await this.start(definition, input));
  }

  async history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const reply = await this.call<{ events: HistoryEvent[] }>('GetExecutionHistory', {
      executionArn,
      maxResults: 1000,
    });
    return reply.events;
  }

  async eventTypes(executionArn: string): Promise<readonly string[]> {
    return (await this.history(executionArn)).map(({ type }) => type);
  }

  async close(): Promise<void> {
    await this.service.close();
    this.clock.stop();
  }
}

/** A machine with one state. */
export const only = (state: Record<string, unknown>): Record<string, unknown> => ({
  StartAt: 'Only',
  States: {
    Only: {
      ...(state.Type === 'Succeed' || state.Type === 'Fail' || state.Type === 'Choice' ? {} : { End: true }),
      ...state,
    },
  },
});

/** A machine whose first state is followed by `After`, where a Catch may lead. */
export const caughtBy = (state: Record<string, unknown>): Record<string, unknown> => ({
  StartAt: 'Only',
  States: { Only: { End: true, ...state }, After: { Type: 'Pass', End: true } },
});

export const invoke = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'fn', 'Payload.$': '$' },
  ...more,
});

export const callback = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } },
  ...more,
});
