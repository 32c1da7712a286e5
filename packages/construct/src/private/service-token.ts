import { Fn } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * The `serviceToken` of custom resources: the invoker's ARN, as an expression that refers to the destination of its failures,
 * too. So whatever uses it is made after both and all that these depend on, and deleted before.
 */
export const serviceTokenOf = (scope: Construct, invoker: lambda.Function, completionQueue: sqs.IQueue): string =>
  Fn.select(0, [invoker.functionArn, reportFailures(scope, invoker, completionQueue).ref]);

/**
 * Where asynchronous invocations go that Lambda has given up: to the drain, which tells CloudFormation. The dead-letter queue
 * keeps them besides. Not by the function's own `onFailure`: that grants more than sending a message needs.
 *
 * It comes after all else in the scope: so what refers to it does.
 */
const reportFailures = (
  scope: Construct,
  invoker: lambda.Function,
  completionQueue: sqs.IQueue,
): lambda.CfnEventInvokeConfig => {
  const others = scope.node.children;
  const failures = new lambda.CfnEventInvokeConfig(scope, 'InvokerFailures', {
    functionName: invoker.functionName,
    qualifier: '$LATEST',
    destinationConfig: { onFailure: { destination: completionQueue.queueArn } },
  });
  failures.node.addDependency(...others);
  return failures;
};
