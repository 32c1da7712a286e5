import { type Stack, Token, Validations } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * Tells rule checkers such as cdk-nag why a finding is as it should be: rule or finding → reason. Recorded through the CDK
 * itself, so that nobody needs such a checker.
 */
export const acknowledge = (scope: Construct, reasons: Record<string, string>): void =>
  Validations.of(scope).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));

/** Of a role that follows the statements that it has started. */
const FOLLOWING =
  'CancelStatement, DescribeStatement, GetStatementResult, ListSessions and ListStatements know no resource; the Data API shows a role only the statements and sessions it started.';

/** Of a role whose function works in a VPC. */
const ATTACHING = 'Lambda makes network interfaces in the name of the role, and they have no ARN before they are made.';

const anyResource = (reason: string): Record<string, string> => ({ 'AwsSolutions-IAM5[Resource::*]': reason });

export const ANY_RESOURCE_OF_FOLLOWING = anyResource(FOLLOWING);

export const anyResourceOfCompleter = (inVpc: boolean) => (inVpc ? anyResource(ATTACHING) : {});

export const anyResourceOfInvoker = (inVpc: boolean) => anyResource(inVpc ? `${FOLLOWING} ${ATTACHING}` : FOLLOWING);

/** Of a role that writes to a log group, whose ARN ends in an asterisk where it is imported: it stands for the streams. */
export const streamsOf = (stack: Stack, { logGroupArn }: ILogGroup): Record<string, string> => {
  const written = writtenInFinding(stack.resolve(logGroupArn));
  return written.includes('*')
    ? { [`AwsSolutions-IAM5[Resource::${written}]`]: 'The function writes to the streams of its own log group only.' }
    : {};
};

/** Of a role that answers the executions of a durable function, whose ARN, with an asterisk for its versions, is given. */
export const anyVersionOf = (stack: Stack, arn: string): Record<string, string> => ({
  [`AwsSolutions-IAM5[Resource::${writtenInFinding(stack.resolve(arn))}]`]:
    'Which version an execution is of, and which execution a callback, is known only when it is answered; the id of a callback is an unguessable secret.',
});

/** Of a role that writes results: every statement has an object of its own. */
export const objectsOf = (stack: Stack, arn: string): Record<string, string> => ({
  [`AwsSolutions-IAM5[Resource::${writtenInFinding(stack.resolve(arn))}]`]:
    'The results of statements are objects that are named by statement, under this prefix.',
});

/** As cdk-nag writes a value of the template in the name of a finding. */
const writtenInFinding = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') {
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map(writtenInFinding).join(delimiter);
  }
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::ImportValue') return writtenInFinding(argument);
  return name === 'Ref' ? `<${String(argument)}>` : JSON.stringify(value);
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
