import { NotSupportedError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, PolicyDocument, ServiceReply } from '../common/service.ts';
import { AsyncInvocation, type AsyncTarget } from './async-invocation.ts';
import { Concurrency } from './concurrency.ts';
import { Destinations } from './destinations.ts';
import { DurableCallbacks } from './durable-callbacks.ts';
import type { EventInvokeConfig } from './event-invoke-config.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import type { FunctionConfig } from './function-config.ts';
import { configurationOf } from './function-configuration.ts';
import { type FunctionReference, functionArn, functionIn, parseFunctionName } from './function-name.ts';
import { type FunctionPermission, FunctionPolicies } from './function-policies.ts';
import type { FunctionRunner, RunnerDeps } from './function-runner.ts';
import { Functions, LATEST } from './functions.ts';
import type { Lambda, LambdaDeps } from './index.ts';
import { invoke } from './invoke.ts';
import { QueuePoller } from './queue-poller.ts';

/** The account's functions, and the API that invokes and describes them. */
export class LambdaService implements Lambda {
  readonly name = 'lambda';
  readonly durableCallbacks: DurableCallbacks;
  readonly #deps: RunnerDeps;
  readonly #policies: FunctionPolicies;
  readonly #functions: Functions;
  readonly #destinations: Destinations;
  /** By ARN, with the qualifier where there is one. */
  readonly #eventInvokeConfigs = new Map<string, EventInvokeConfig>();
  readonly #pollers = new Map<string, QueuePoller>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor({ accountConcurrency = Infinity, ...deps }: LambdaDeps & Pick<RunnerDeps, 'sandboxes'>) {
    this.#deps = { ...deps, concurrency: new Concurrency(accountConcurrency) };
    this.durableCallbacks = new DurableCallbacks(deps.account);
    this.#policies = new FunctionPolicies(deps.account);
    this.#functions = new Functions(this.#deps);
    this.#destinations = new Destinations(this.#deps);
  }

  putFunction(config: FunctionConfig): void {
    this.#functions.put(config);
  }

  atRest(): Promise<void> {
    return this.#deps.concurrency.atRest();
  }

  async deleteFunction(name: string): Promise<void> {
    const pollers = [...this.#pollers.values()].filter((poller) => poller.mapping.functionName === name);
    const ended = this.#functions.delete(name);
    this.#policies.removeAll(name);
    for (const arn of this.#eventInvokeConfigs.keys())
      if (functionIn(arn)?.name === name) this.#eventInvokeConfigs.delete(arn);
    await Promise.all([...pollers.map((poller) => this.deleteEventSourceMapping(poller.mapping.id)), ended]);
  }

  numberOfVersion(functionName: string, id: string): string {
    return this.#functions.numberOf(functionName, id);
  }

  publishVersion(functionName: string, version: string): void {
    this.#functions.publish(functionName, version);
  }

  deleteVersion(functionName: string, version: string): void {
    this.#functions.deleteVersion(functionName, version);
    this.#forget({ name: functionName, qualifier: version });
  }

  putAlias(functionName: string, alias: string, version: string): void {
    this.#functions.putAlias(functionName, alias, version);
  }

  deleteAlias(functionName: string, alias: string): void {
    this.#functions.deleteAlias(functionName, alias);
    this.#forget({ name: functionName, qualifier: alias });
  }

  putEventInvokeConfig(target: FunctionReference, config: EventInvokeConfig): void {
    this.#functions.get(target);
    this.#eventInvokeConfigs.set(this.#asyncArn(target), config);
  }

  deleteEventInvokeConfig(target: FunctionReference): void {
    this.#eventInvokeConfigs.delete(this.#asyncArn(target));
  }

  addPermission(permission: FunctionPermission): void {
    this.#functions.get(permission.target);
    this.#policies.add(permission);
  }

  removePermission(target: FunctionReference, statementId: string): void {
    this.#policies.remove(target, statementId);
  }

  async createEventSourceMapping(mapping: EventSourceMapping): Promise<void> {
    const poller = new QueuePoller(mapping, () => this.#functions.get(polledFor(mapping)), this.#deps);
    await poller.check();
    poller.start();
    this.#pollers.set(mapping.id, poller);
  }

  async updateEventSourceMapping(mapping: EventSourceMapping): Promise<void> {
    const poller = new QueuePoller(mapping, () => this.#functions.get(polledFor(mapping)), this.#deps);
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
    if (isOfCallback(call)) return this.durableCallbacks.permissionsFor(call);
    if (call.operation === 'ListFunctions') return [{ action: 'lambda:ListFunctions', resource: '*' }];
    const action = call.operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${call.operation}`;
    return [{ action, resource: functionArn(this.#deps.account, referenceOf(call)) }];
  }

  async perform(call: ApiCall): Promise<ServiceReply> {
    if (isOfCallback(call)) return await this.durableCallbacks.perform(call);
    switch (call.operation) {
      case 'Invoke':
        return { output: await this.#invoke(call) };
      case 'GetFunctionConfiguration':
        return { output: this.#described(call) };
      case 'GetFunction':
        return { output: { Configuration: this.#described(call) } };
      case 'ListFunctions':
        return { output: { Functions: this.#functions.latest().map(({ config }) => configurationOf(config)) } };
      default:
        throw new NotSupportedError(`Lambda operation ${call.operation}`);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const pollers = [...this.#pollers.values()].map((poller) => poller.close());
    await Promise.all([...pollers, this.#functions.close()]);
    await Promise.all(this.#background);
  }

  #invoke(call: ApiCall): Promise<unknown> {
    const reference = referenceOf(call);
    const target: AsyncTarget = {
      runner: () => this.#functions.get(reference),
      config: () => this.#eventInvokeConfigs.get(this.#asyncArn(reference)) ?? {},
    };
    const deps = { ...this.#deps, destinations: this.#destinations };
    return invoke(target.runner(), call, { arn: functionArn(this.#deps.account, reference), ...reference }, (request) =>
      this.#inBackground(new AsyncInvocation(target, request, deps, this.#closing.signal).run()),
    );
  }

  /** What was said of a version or an alias goes with it. */
  #forget(target: FunctionReference): void {
    this.#policies.removeFrom(target);
    this.deleteEventInvokeConfig(target);
  }

  /** What is said of the function itself is said of `$LATEST`. */
  #asyncArn({ name, qualifier = LATEST }: FunctionReference): string {
    return functionArn(this.#deps.account, { name, qualifier });
  }

  #described(call: ApiCall) {
    const { config, version } = this.#functions.get(referenceOf(call));
    const { qualifier } = referenceOf(call);
    return configurationOf(config, version, functionArn(this.#deps.account, { name: config.name, qualifier }));
  }

  #runner(name: string): FunctionRunner {
    return this.#functions.get({ name, qualifier: undefined });
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work.finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}

const isOfCallback = ({ operation }: ApiCall): boolean => operation.startsWith('SendDurableExecutionCallback');

const polledFor = ({ functionName: name, qualifier }: EventSourceMapping): FunctionReference => ({ name, qualifier });

const referenceOf = ({ input }: ApiCall): FunctionReference =>
  parseFunctionName(String(input.FunctionName), typeof input.Qualifier === 'string' ? input.Qualifier : undefined);
