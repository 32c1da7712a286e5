import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge, arnInFinding } from './acknowledge';

/** Of the roles that answer tasks. */
export const acknowledgeAnyStateMachine = (role: Role): void =>
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::${arnInFinding(Stack.of(role), 'states', 'stateMachine:*')}]`]:
      'Any state machine of the account and region may wait for a statement; a task token is an unguessable secret of the task that it answers.',
  });
