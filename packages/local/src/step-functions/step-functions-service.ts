import { AwsError } from '../common/aws-error.ts';
import type { ApiCall, Caller, NeededPermission, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { describeExecution, getExecutionHistory, listExecutions, stopExecution } from './actions/executions.ts';
import type { Input } from './actions/input.ts';
import { describeMapRun, listMapRuns } from './actions/map-runs.ts';
import { redriveExecution } from './actions/redrive-execution.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './actions/send-task.ts';
import { startExecution } from './actions/start-execution.ts';
import { describeStateMachine, describeStateMachineForExecution, listStateMachines } from './actions/state-machines.ts';
import { ExpressionPool } from './data/jsonata/expression-pool.ts';
import { parseDefinition } from './definition/parse-definition.ts';
import { waitsForNested } from './definition/waits-for-nested.ts';
import { Execution, type ExecutionStart } from './execution.ts';
import type { StateMachineConfig, StepFunctions, StepFunctionsDeps } from './index.ts';
import { type TaskCaller, taskCaller } from './integrations/task-caller.ts';
import { CREATE_MANAGED_RULE, INTERNAL_OPERATIONS, permissionsOf } from './permissions.ts';
import { mapRunsOf } from './start-map-run.ts';
import { baseArn, type StateMachine } from './state-machine.ts';
import { statusEvent } from './status-event.ts';
import { Store } from './store.ts';
import { TaskTokens } from './task-tokens.ts';

/** Longest name of a role session. */
const SESSION_NAME_LENGTH = 64;

/** The account's state machines, and the API that runs them. */
export class StepFunctionsService implements StepFunctions {
  readonly name = 'states';
  readonly #deps: StepFunctionsDeps;
  readonly #store = new Store();
  readonly #tokens = new TaskTokens();
  readonly #expressions = new ExpressionPool();
  #isClosed = false;

  constructor(deps: StepFunctionsDeps) {
    this.#deps = deps;
  }

  async authorize(config: StateMachineConfig): Promise<void> {
    parseDefinition(config.definition);
    if (!waitsForNested(config.definition)) return;
    const { calls } = this.#deps;
    try {
      await calls.call({ caller: this.#assume(config), service: 'states', operation: CREATE_MANAGED_RULE, input: {} });
    } catch {
      throw new AwsError('AccessDeniedException', `'${config.roleArn}' is not authorized to create managed-rule.`);
    }
  }

  putStateMachine(config: StateMachineConfig): void {
    const { definition: definitionText, ...rest } = config;
    const definition = parseDefinition(definitionText);
    this.#assume(config);
    const now = this.#deps.clock.now();
    this.#store.putMachine({ ...rest, definitionText, definition, createdAt: now, updatedAt: now });
  }

  async deleteStateMachine(arn: string): Promise<void> {
    const executions = this.#store.removeMachine(arn);
    for (const execution of executions) execution.abort(undefined, undefined);
    await Promise.all(executions.map(({ finished }) => finished));
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    return permissionsOf(call, this.#deps.account, this.#tokens);
  }

  perform({ operation, input, http }: ApiCall): Promise<ServiceReply> {
    if (INTERNAL_OPERATIONS.includes(operation) && !http) return Promise.resolve({ output: {} });
    return Promise.resolve().then(async () => ({ output: await this.#perform(operation, input) }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#store.executions()].map((execution) => execution.abandon()));
    await this.#expressions.close();
  }

  #perform(operation: string, input: Input): unknown {
    switch (operation) {
      case 'StartExecution':
        return startExecution(input, this.#store, (machine, given) => this.#start(machine, given));
      case 'DescribeMapRun':
        return describeMapRun(input, this.#store);
      case 'ListMapRuns':
        return listMapRuns(input, this.#store);
      case 'DescribeExecution':
        return describeExecution(input, this.#store, this.#deps.clock.now());
      case 'GetExecutionHistory':
        return getExecutionHistory(input, this.#store);
      case 'ListExecutions':
        return listExecutions(input, this.#store);
      case 'RedriveExecution':
        return redriveExecution(input, this.#store, () => this.#deps.clock.now());
      case 'StopExecution':
        return stopExecution(input, this.#store);
      case 'ListStateMachines':
        return listStateMachines(input, this.#store);
      case 'DescribeStateMachine':
        return describeStateMachine(input, this.#store);
      case 'DescribeStateMachineForExecution':
        return describeStateMachineForExecution(input, this.#store);
      case 'SendTaskSuccess':
        return sendTaskSuccess(input, this.#tokens);
      case 'SendTaskFailure':
        return sendTaskFailure(input, this.#tokens);
      case 'SendTaskHeartbeat':
        return sendTaskHeartbeat(input, this.#tokens);
      default:
        throw unknownOperation('states', operation);
    }
  }

  #start(machine: StateMachine, start: ExecutionStart): Execution {
    if (this.#isClosed) throw closing();
    const { account, clock, log, events } = this.#deps;
    const caller = this.#callerFor(machine, start);
    const execution = new Execution(machine, start, {
      clock,
      log,
      tokens: this.#tokens,
      region: account.region,
      caller,
      mapRuns: mapRunsOf(
        { machine, executionArn: start.arn, caller },
        { clock, store: this.#store, start: (child, given) => this.#start(child, given) },
      ),
      expressions: this.#expressions,
      onStatusChange: (changed) => {
        if (this.#isClosed) return;
        this.#store.noteStatus(changed);
        events.put(statusEvent(changed, clock.now()));
      },
    });
    this.#store.addExecution(execution);
    return execution;
  }

  #callerFor({ roleArn, arn }: StateMachine, execution: ExecutionStart): TaskCaller {
    const { account, roles, calls, endpoint } = this.#deps;
    return taskCaller(
      {
        roles,
        endpoint,
        region: account.region,
        // What a task still wants to undo when the stage ends is gone anyway.
        calls: { call: (request) => (this.#isClosed ? Promise.reject(closing()) : calls.call(request)) },
        executionEnded: async (executionArn) => this.#store.findExecution(executionArn)?.ended,
      },
      {
        roleArn,
        executionArn: execution.arn,
        stateMachineArn: baseArn(arn),
        sessionName: sessionNameOf(execution.name),
      },
    );
  }

  /** As AWS does when a state machine is created. */
  #assume({ roleArn, arn, name }: StateMachineConfig): Caller {
    try {
      return this.#deps.roles.assume(roleArn, 'states.amazonaws.com', sessionNameOf(name), { 'aws:SourceArn': arn });
    } catch {
      throw new AwsError(
        'AccessDeniedException',
        'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
      );
    }
  }
}

const closing = (): AwsError => new AwsError('ServiceUnavailable', 'The stage is ending.', { status: 503 });

const sessionNameOf = (name: string): string => name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, SESSION_NAME_LENGTH);
