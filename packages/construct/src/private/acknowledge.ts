import { type Stack, Token, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Tells rule checkers such as cdk-nag why a finding is as it should be: rule or finding → reason. Recorded through the CDK
 * itself, so that nobody needs such a checker.
 */
export const acknowledge = (scope: Construct, reasons: Record<string, string>): void =>
  Validations.of(scope).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));

/** Of a role that follows the statements that it has started. */
export const ANY_RESOURCE_OF_FOLLOWING: Record<string, string> = {
  'AwsSolutions-IAM5[Resource::*]':
    'CancelStatement, DescribeStatement, GetStatementResult and ListStatements know no resource; the Data API shows a role only the statements it started.',
};

/** An ARN of the stack's region as cdk-nag writes it in the name of a finding. */
export const arnInFinding = (
  stack: Stack,
  service: string,
  resource: string,
  account: string = stack.account,
): string => {
  const written = (value: string, pseudoParameter: string) =>
    Token.isUnresolved(value) ? `<AWS::${pseudoParameter}>` : value;
  const { partition, region } = stack;
  return `arn:${written(partition, 'Partition')}:${service}:${written(region, 'Region')}:${written(account, 'AccountId')}:${resource}`;
};
