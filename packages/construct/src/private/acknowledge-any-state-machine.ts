import type { Stack } from 'aws-cdk-lib';
import { arnInFinding } from './acknowledge';

/** Of the roles that answer tasks. */
export const anyStateMachine = (stack: Stack): Record<string, string> => ({
  [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'states', 'stateMachine:*')}]`]:
    'Any state machine of the account and region may wait for a statement; a task token is an unguessable secret of the task that it answers.',
});
