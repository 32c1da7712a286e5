import type { Service } from '../common/service.ts';
import type { DurableCallbacks } from './durable-callbacks.ts';
import type { EventInvokeConfig } from './event-invoke-config.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import type { FunctionConfig } from './function-config.ts';
import type { FunctionReference } from './function-name.ts';
import type { FunctionPermission } from './function-policies.ts';
import type { RunnerDeps } from './function-runner.ts';
import { LambdaService } from './lambda-service.ts';

export type { DurableCallbacks, DurableError, DurableFunction } from './durable-callbacks.ts';
export { DESTINATION, type EventInvokeConfig } from './event-invoke-config.ts';
export type { EventSourceMapping } from './event-source-mapping.ts';
export {
  type FunctionConfig,
  type FunctionLogging,
  LOG_LEVELS,
  RUNTIMES,
  SYSTEM_LOG_LEVELS,
} from './function-config.ts';
export { type FunctionReference, parseFunctionName } from './function-name.ts';
export { type FunctionPermission, FunctionPolicies } from './function-policies.ts';
export { messageFilter } from './message-filter.ts';
export { RESERVED_VARIABLES } from './sandbox/environment.ts';

export interface LambdaDeps extends Omit<RunnerDeps, 'concurrency' | 'sandboxes'> {
  /**
   * Sandboxes a function may have at a time; further invocations wait.
   *
   * @default 20
   */
  readonly sandboxes?: number;
  /**
   * Invocations of all functions at a time; more are throttled. AWS's quota is 1,000, but here invocations that wait for a sandbox, which
   * would long have ended there, count too.
   *
   * @default no limit
   */
  readonly accountConcurrency?: number;
}

export interface Lambda extends Service {
  /** Callbacks of durable functions that run elsewhere. */
  readonly durableCallbacks: DurableCallbacks;
  /**
   * Adds a function, or replaces its code and configuration; the code is copied. Invocations under way end with what they began with.
   *
   * @throws AwsError `InvalidParameterValueException` when the role does not trust Lambda, or reserved concurrency leaves too little to others
   */
  putFunction(config: FunctionConfig): void;
  /** Resolves when no function runs. */
  atRest(): Promise<void>;
  /** Ends its invocations and takes away all that was said of it. Does nothing when there is no such function. */
  deleteFunction(name: string): Promise<void>;
  /** The number that a version has or will have; the same `id` gets the same number each time. */
  numberOfVersion(functionName: string, id: string): string;
  /**
   * Makes a version of the function as it is now; one that there is stays as it is.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  publishVersion(functionName: string, version: string): void;
  /** Invocations under way end by themselves. */
  deleteVersion(functionName: string, version: string): void;
  /**
   * Adds an alias, or leads it to another version.
   *
   * @throws AwsError `ResourceNotFoundException` when there is no such function or version
   */
  putAlias(functionName: string, alias: string, version: string): void;
  deleteAlias(functionName: string, alias: string): void;
  /**
   * Says what becomes of asynchronous invocations of a function, a version or an alias, in place of what was said before.
   *
   * @throws AwsError `ResourceNotFoundException`
   */
  putEventInvokeConfig(target: FunctionReference, config: EventInvokeConfig): void;
  deleteEventInvokeConfig(target: FunctionReference): void;
  /**
   * Lets a principal use a function, a version or an alias without a role that says so, as AWS services need.
   *
   * @throws AwsError `ResourceNotFoundException` when there is no such function, `ResourceConflictException` when the statement exists,
   * `InvalidParameterValueException` for what is no principal
   */
  addPermission(permission: FunctionPermission): void;
  removePermission(target: FunctionReference, statementId: string): void;
  /**
   * Starts to poll a queue for a function.
   *
   * @throws AwsError `InvalidParameterValueException` when the role may not read the queue, the function's timeout is longer than the queue's
   * visibility timeout, or a filter is none
   */
  createEventSourceMapping(mapping: EventSourceMapping): Promise<void>;
  /**
   * Changes the mapping of that id, when the batches that are with the function have ended.
   *
   * @throws AwsError `InvalidParameterValueException` as when it was created; it is then left as it was
   */
  updateEventSourceMapping(mapping: EventSourceMapping): Promise<void>;
  deleteEventSourceMapping(id: string): Promise<void>;
  /** Ends all that runs, at once. */
  close(): Promise<void>;
}

const SANDBOXES = 20;

export const createLambda = (deps: LambdaDeps): Lambda => new LambdaService({ sandboxes: SANDBOXES, ...deps });
