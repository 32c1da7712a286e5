import type { Account } from '../common/account.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { EventSink, RoleAssumer, ServiceCaller } from '../common/ports.ts';
import type { Service } from '../common/service.ts';
import { StepFunctionsService } from './step-functions-service.ts';

export interface StepFunctionsDeps {
  readonly account: Account;
  /** Everything that waits, waits on this clock. */
  readonly clock: Clock;
  readonly roles: RoleAssumer;
  /** For what tasks call, under the state machine's role. */
  readonly calls: ServiceCaller;
  /** Where tasks call S3, which is served over HTTP only. */
  readonly endpoint: () => string;
  /** Gets the status changes of executions. */
  readonly events: EventSink;
  readonly log: Log;
}

export interface StateMachineConfig {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** JSON, in the Amazon States Language. */
  readonly definition: string;
  readonly type: 'STANDARD';
}

export interface StepFunctions extends Service {
  /**
   * Checks, as AWS does before it creates a state machine, that the role may make the rule by which Step Functions learns of the end of
   * nested executions; nothing for definitions that wait for none.
   *
   * @throws AwsError `AccessDeniedException`; `InvalidDefinition`
   */
  authorize(config: StateMachineConfig): Promise<void>;
  /**
   * Adds or replaces a state machine; executions that run keep the definition they were started with.
   *
   * @throws AwsError `InvalidDefinition`; `AccessDeniedException` when the role does not trust Step Functions
   * @throws NotSupportedError naming state and field, for what the stage does not run
   */
  putStateMachine(config: StateMachineConfig): void;
  /** Aborts its executions and forgets them. */
  deleteStateMachine(arn: string): Promise<void>;
  /** Ends all executions, at once and without events; nothing of them waits on the clock after that. */
  close(): Promise<void>;
}

export const createStepFunctions = (deps: StepFunctionsDeps): StepFunctions => new StepFunctionsService(deps);
