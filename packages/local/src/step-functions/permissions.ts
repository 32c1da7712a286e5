import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';
import type { TaskTokens } from './task-tokens.ts';

const ON_EXECUTION = [
  'DescribeExecution',
  'DescribeStateMachineForExecution',
  'GetExecutionHistory',
  'ListMapRuns',
  'RedriveExecution',
  'StopExecution',
];
const ON_TOKEN = ['SendTaskFailure', 'SendTaskHeartbeat', 'SendTaskSuccess'];

/** What Step Functions asks of a role when a state machine is made that waits for nested executions; no operation of the API. */
export const CREATE_MANAGED_RULE = 'CreateManagedRule';
const MANAGED_RULE = 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';
const ON_MANAGED_RULE = ['events:PutRule', 'events:PutTargets', 'events:DescribeRule'];

/** What Step Functions asks of a role when a Distributed Map starts child executions; no operation of the API. */
export const START_MAP_RUN = 'StartMapRun';

/** Only permissions are checked for these. */
export const INTERNAL_OPERATIONS = [CREATE_MANAGED_RULE, START_MAP_RUN];

/** The permission that a call needs. What is no token belongs to no state machine: the answer is InvalidToken, whoever asks. */
export const permissionsOf = (
  { operation, input, http }: ApiCall,
  account: Account,
  tokens: TaskTokens,
): readonly NeededPermission[] => {
  if (operation === CREATE_MANAGED_RULE && !http)
    return ON_MANAGED_RULE.map((action) => ({ action, resource: arnIn(account, 'events', MANAGED_RULE) }));
  if (operation === START_MAP_RUN && !http)
    return [{ action: 'states:StartExecution', resource: String(input.stateMachineArn) }];
  const action = `states:${operation}`;
  if (ON_TOKEN.includes(operation)) {
    const resource = typeof input.taskToken === 'string' ? tokens.issuerOf(input.taskToken) : undefined;
    return resource === undefined ? [] : [{ action, resource }];
  }
  const named = ON_EXECUTION.includes(operation) ? input.executionArn : (input.mapRunArn ?? input.stateMachineArn);
  return [{ action, resource: typeof named === 'string' ? named : arnIn(account, 'states', 'stateMachine:*') }];
};
