import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';
import type { TaskTokens } from './task-tokens.ts';

const ON_EXECUTION = [
  'DescribeExecution',
  'DescribeStateMachineForExecution',
  'GetExecutionHistory',
  'RedriveExecution',
  'StopExecution',
];
const ON_TOKEN = ['SendTaskFailure', 'SendTaskHeartbeat', 'SendTaskSuccess'];

/** The permission that a call needs. What is no token belongs to no state machine: the answer is InvalidToken, whoever asks. */
export const permissionsOf = (
  { operation, input }: ApiCall,
  account: Account,
  tokens: TaskTokens,
): readonly NeededPermission[] => {
  const action = `states:${operation}`;
  if (ON_TOKEN.includes(operation)) {
    const resource = typeof input.taskToken === 'string' ? tokens.issuerOf(input.taskToken) : undefined;
    return resource === undefined ? [] : [{ action, resource }];
  }
  const named = ON_EXECUTION.includes(operation) ? input.executionArn : input.stateMachineArn;
  return [{ action, resource: typeof named === 'string' ? named : arnIn(account, 'states', 'stateMachine:*') }];
};
