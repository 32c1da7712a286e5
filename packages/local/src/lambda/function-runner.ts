import { randomBytes, randomUUID } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { AwsError } from '../common/aws-error.ts';
import type { StageClock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { RoleAssumer, ServiceCaller } from '../common/ports.ts';
import type { Caller } from '../common/service.ts';
import type { MetricSink } from '../metrics/metrics.ts';
import type { CallingFunction, CallingFunctions } from './calling-functions.ts';
import type { Concurrency } from './concurrency.ts';
import type { FunctionConfig } from './function-config.ts';
import { FunctionMetrics } from './function-metrics.ts';
import { initialization } from './initialization.ts';
import { Invocation, type InvocationResult } from './invocation.ts';
import { InvocationLog } from './invocation-log.ts';
import { environmentOf } from './sandbox/environment.ts';
import { Sandbox } from './sandbox/sandbox.ts';
import { SandboxPool } from './sandbox-pool.ts';

export interface RunnerDeps {
  readonly account: Account;
  readonly clock: StageClock;
  readonly roles: RoleAssumer;
  /** For log writes under the function's role. */
  readonly calls: ServiceCaller;
  readonly endpoint: () => string;
  readonly log: Log;
  /** Where sandboxes are known as callers. */
  readonly callers?: CallingFunctions;
  /** What may run at a time, of each function and in the account. */
  readonly concurrency: Concurrency;
  /** Gets what Lambda counts of functions. */
  readonly metrics: MetricSink;
  /** Sandboxes a function may have at a time. */
  readonly sandboxes: number;
}

export interface InvokeRequest {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invokedFunctionArn: string;
  /** The version or alias that was asked for. */
  readonly qualifier?: string;
  readonly clientContext?: unknown;
}

const PRINCIPAL = 'lambda.amazonaws.com';

/** One function at work: its role session, its sandboxes, its concurrency. */
export class FunctionRunner {
  readonly config: FunctionConfig;
  /** The session of the function's role, named as the function, that all of its calls are made with. */
  readonly session: Caller;
  readonly #deps: RunnerDeps;
  readonly taskRoot: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly metrics: FunctionMetrics;
  readonly #pool: SandboxPool;
  readonly #log: InvocationLog;
  readonly #running = new Set<Promise<InvocationResult>>();
  #isClosed = false;

  /** @throws AwsError `InvalidParameterValueException` when the role does not trust Lambda */
  constructor(config: FunctionConfig, code: { readonly taskRoot: string; readonly version: string }, deps: RunnerDeps) {
    this.config = config;
    this.#deps = deps;
    this.taskRoot = code.taskRoot;
    this.version = code.version;
    this.metrics = new FunctionMetrics(deps, config.name);
    this.session = assumeFunctionRole(config, deps.roles);
    this.#pool = new SandboxPool(deps.sandboxes, () => this.#createSandbox());
    this.#log = new InvocationLog(deps, this.session, config.logGroup);
  }

  /** @throws AwsError `TooManyRequestsException` when all of the concurrency, reserved or of the account, is in use */
  async invoke(request: InvokeRequest): Promise<InvocationResult> {
    const leave = this.#enter(request);
    const running = this.#run(request);
    this.#running.add(running);
    return running.finally(() => {
      this.#running.delete(running);
      leave();
    });
  }

  /** Waits for what runs, then ends: an update of a function leaves the invocations of its old code alone. */
  async retire(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    await this.close();
  }

  /** Ends what runs; its callers get an error. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.close();
    await Promise.allSettled(this.#running);
  }

  #enter({ qualifier }: InvokeRequest): () => void {
    const { concurrency } = this.#deps;
    try {
      const leave = concurrency.enter(this.config.name);
      this.metrics.put('ConcurrentExecutions', concurrency.runningOf(this.config.name), qualifier);
      return leave;
    } catch (error) {
      this.metrics.put('Throttles', 1, qualifier);
      throw error;
    }
  }

  async #run(request: InvokeRequest): Promise<InvocationResult> {
    let sandbox = await this.#pool.acquire();
    try {
      const { clock } = this.#deps;
      const init = sandbox.wasUsed ? undefined : await initialization(sandbox, clock);
      if (init?.failure) sandbox = this.#pool.replace(sandbox);
      const result = await new Invocation(this.config, this.version, sandbox, clock).run(request, init);
      if (this.#isClosed) throw this.#deleted();
      this.#count(result, request.qualifier);
      await this.#log.write(sandbox.logStream, result.lines);
      return result;
    } finally {
      this.#pool.release(sandbox);
    }
  }

  #count({ durationMs, functionError }: InvocationResult, qualifier: string | undefined): void {
    this.metrics.put('Invocations', 1, qualifier);
    this.metrics.put('Duration', durationMs, qualifier);
    this.metrics.put('Errors', functionError ? 1 : 0, qualifier);
  }

  #deleted(): AwsError {
    return new AwsError('ServiceException', `Function ${this.config.name} was deleted`, { status: 500 });
  }

  #createSandbox(): Sandbox {
    if (this.#isClosed) throw this.#deleted();
    const { account, clock, roles, endpoint } = this.#deps;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[${this.version}]${randomBytes(16).toString('hex')}`;
    const caller = { ...this.session };
    const credentials = roles.credentialsFor(caller);
    const { taskRoot, version } = this;
    const environment = { account, endpoint: endpoint(), credentials, taskRoot, version, logStream };
    const sandbox = new Sandbox({
      logStream,
      env: environmentOf(this.config, environment),
      memoryMb: this.config.memoryMb,
      data: { taskRoot: this.taskRoot, handler: this.config.handler, clockOffset: clock.sharedOffset },
    });
    this.#deps.callers?.register(caller, callingFunction(this.config.name, sandbox));
    return sandbox;
  }
}

const callingFunction = (functionName: string, sandbox: Sandbox): CallingFunction => ({
  functionName,
  get invocationId() {
    return sandbox.requestId;
  },
  get isDying() {
    return !sandbox.isAlive;
  },
  doom: () => sandbox.doom(),
  kill: () => void sandbox.kill(),
});

export const newRequestId = (): string => randomUUID();

const assumeFunctionRole = (config: FunctionConfig, roles: RoleAssumer): Caller => {
  try {
    return roles.assume(config.roleArn, PRINCIPAL, config.name);
  } catch (cause) {
    throw new AwsError(
      'InvalidParameterValueException',
      `The role defined for the function cannot be assumed by Lambda. (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
};
