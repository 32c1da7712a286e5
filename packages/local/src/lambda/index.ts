import type { Service } from '../common/service.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import type { FunctionConfig } from './function-config.ts';
import type { FunctionReference } from './function-name.ts';
import type { FunctionPermission } from './function-policies.ts';
import type { RunnerDeps } from './function-runner.ts';
import { LambdaService } from './lambda-service.ts';

export type { EventSourceMapping } from './event-source-mapping.ts';
export { type FunctionConfig, RUNTIMES } from './function-config.ts';
export { type FunctionReference, parseFunctionName } from './function-name.ts';
export { type FunctionPermission, FunctionPolicies } from './function-policies.ts';
export { messageFilter } from './message-filter.ts';
export { RESERVED_VARIABLES } from './sandbox/environment.ts';

export interface LambdaDeps extends Omit<RunnerDeps, 'sandboxes'> {
  /**
   * Sandboxes a function may have at a time; further invocations wait.
   *
   * @default 20
   */
  readonly sandboxes?: number;
}

export interface Lambda extends Service {
  /**
   * Adds or replaces a function; its code is copied.
   *
   * @throws AwsError `InvalidParameterValueException` when the role does not trust Lambda
   */
  putFunction(config: FunctionConfig): void;
  /** Ends its invocations and takes its mappings and permissions away. */
  deleteFunction(name: string): Promise<void>;
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
