import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, PolicyDocument, ServiceReply } from '../common/service.ts';
import { AsyncInvocation } from './async-invocation.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import { FunctionCodes } from './function-code.ts';
import type { FunctionConfig } from './function-config.ts';
import { configurationOf } from './function-configuration.ts';
import { type FunctionReference, functionArn, functionIn, parseFunctionName } from './function-name.ts';
import { type FunctionPermission, FunctionPolicies } from './function-policies.ts';
import { FunctionRunner, type RunnerDeps } from './function-runner.ts';
import type { Lambda } from './index.ts';
import { invoke } from './invoke.ts';
import { QueuePoller } from './queue-poller.ts';

/** The account's functions, and the API that invokes and describes them. */
export class LambdaService implements Lambda {
  readonly name = 'lambda';
  readonly #deps: RunnerDeps;
  readonly #codes = new FunctionCodes();
  readonly #policies: FunctionPolicies;
  readonly #functions = new Map<string, FunctionRunner>();
  /** Replaced, but still at work. */
  readonly #retiring = new Set<FunctionRunner>();
  readonly #pollers = new Map<string, QueuePoller>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#policies = new FunctionPolicies(deps.account);
  }

  putFunction(config: FunctionConfig): void {
    const replaced = this.#functions.get(config.name);
    const taskRoot = this.#codes.install(config.code);
    this.#functions.set(config.name, new FunctionRunner(config, taskRoot, this.#deps));
    if (replaced) this.#retire(replaced);
  }

  async deleteFunction(name: string): Promise<void> {
    const pollers = [...this.#pollers.values()].filter((poller) => poller.mapping.functionName === name);
    const runner = this.#functions.get(name);
    this.#functions.delete(name);
    this.#policies.removeAll(name);
    await Promise.all([...pollers.map((poller) => this.deleteEventSourceMapping(poller.mapping.id)), runner?.close()]);
    if (runner) await this.#codes.remove(runner.taskRoot);
  }

  addPermission(permission: FunctionPermission): void {
    this.#runner(permission.target.name);
    this.#policies.add(permission);
  }

  removePermission(target: FunctionReference, statementId: string): void {
    this.#policies.remove(target, statementId);
  }

  async createEventSourceMapping(mapping: EventSourceMapping): Promise<void> {
    const poller = new QueuePoller(mapping, () => this.#runner(mapping.functionName), this.#deps);
    await poller.check();
    poller.start();
    this.#pollers.set(mapping.id, poller);
  }

  async updateEventSourceMapping(mapping: EventSourceMapping): Promise<void> {
    const poller = new QueuePoller(mapping, () => this.#runner(mapping.functionName), this.#deps);
    await poller.check();
    await this.deleteEventSourceMapping(mapping.id);
    poller.start();
    this.#pollers.set(mapping.id, poller);
  }

  async deleteEventSourceMapping(id: string): Promise<void> {
    const poller = this.#pollers.get(id);
    this.#pollers.delete(id);
    await poller?.close();
  }

  resourcePolicyOf(arn: string): PolicyDocument | undefined | null {
    const named = functionIn(arn);
    return named && this.#functions.has(named.name) ? this.#policies.of(arn) : null;
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    if (call.operation === 'ListFunctions') return [{ action: 'lambda:ListFunctions', resource: '*' }];
    const action = call.operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${call.operation}`;
    return [{ action, resource: functionArn(this.#deps.account, referenceOf(call)) }];
  }

  async perform(call: ApiCall): Promise<ServiceReply> {
    switch (call.operation) {
      case 'Invoke':
        return { output: await this.#invoke(call) };
      case 'GetFunctionConfiguration':
        return { output: configurationOf(this.#find(call).config) };
      case 'GetFunction':
        return { output: { Configuration: configurationOf(this.#find(call).config) } };
      case 'ListFunctions':
        return { output: { Functions: [...this.#functions.values()].map((runner) => configurationOf(runner.config)) } };
      default:
        throw new NotSupportedError(`Lambda operation ${call.operation}`);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const pollers = [...this.#pollers.values()].map((poller) => poller.close());
    const functions = [...this.#functions.values(), ...this.#retiring].map((runner) => runner.close());
    await Promise.all([...pollers, ...functions]);
    await Promise.all(this.#background);
    await this.#codes.close();
  }

  #invoke(call: ApiCall): Promise<unknown> {
    const runner = this.#find(call);
    const arn = functionArn(this.#deps.account, referenceOf(call));
    return invoke(runner, call, arn, (request) => {
      const runnerNow = () => this.#runner(runner.config.name);
      this.#inBackground(new AsyncInvocation(runnerNow, request, this.#deps, this.#closing.signal).run());
    });
  }

  #retire(runner: FunctionRunner): void {
    this.#retiring.add(runner);
    const end = async () => {
      await runner.retire();
      this.#retiring.delete(runner);
      await this.#codes.remove(runner.taskRoot);
    };
    this.#inBackground(end());
  }

  #find(call: ApiCall): FunctionRunner {
    const { name, qualifier } = referenceOf(call);
    if (qualifier === undefined || qualifier === '$LATEST') return this.#runner(name);
    throw notFound(functionArn(this.#deps.account, { name, qualifier }));
  }

  #runner(name: string): FunctionRunner {
    const runner = this.#functions.get(name);
    if (!runner) throw notFound(functionArn(this.#deps.account, { name, qualifier: undefined }));
    return runner;
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work.finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}

const referenceOf = ({ input }: ApiCall) =>
  parseFunctionName(String(input.FunctionName), typeof input.Qualifier === 'string' ? input.Qualifier : undefined);

const notFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404, members: { Type: 'User' } });
