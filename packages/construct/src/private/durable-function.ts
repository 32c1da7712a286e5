import { Annotations, Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DurableFunctionOptions } from '../durable-function-options';
import { anyVersionOf } from './acknowledge';
import type { CompleterRoles } from './completers';
import { type HandlerRole, letRole, type RoleRights } from './handler-role';
import { refuse } from './validation';

const ANSWER = ['lambda:SendDurableExecutionCallbackFailure', 'lambda:SendDurableExecutionCallbackSuccess'];
const ASK = 'lambda:SendDurableExecutionCallbackHeartbeat';

const PROPERTY = 'addDurableFunction.durableFunction';

/**
 * Lets the completers answer the callbacks of a durable function's executions. The policies stand below the function: in its
 * stack, which mostly needs that of the tasker, so that one must not need it.
 *
 * @throws Error naming what is wrong with the function
 */
export const letAnswer = (
  tasker: Construct,
  durableFunction: IFunction,
  { durableKey }: DurableFunctionOptions,
  { drain, sweep }: CompleterRoles,
): void => {
  const unqualified = withoutQualifier(durableFunction);
  const scope = scopeFor(tasker, unqualified);
  // An execution is one of a version; the ARN of the function alone would match none.
  const executions = `${unqualified.functionArn}:*`;
  const rights = (handler: RoleRights['handler'], actions: string[]): RoleRights => ({
    handler,
    statements: [
      new PolicyStatement({ sid: 'AnswerDurableFunction', actions, resources: [executions] }),
      ...(durableKey
        ? [new PolicyStatement({ sid: 'ReadDurableState', actions: ['kms:Decrypt'], resources: [durableKey.keyArn] })]
        : []),
    ],
    acknowledgements: anyVersionOf(Stack.of(scope), executions),
  });
  letRole(scope, inOwnPolicy(drain, 'completer.role'), rights('Drain', ANSWER));
  letRole(scope, inOwnPolicy(sweep, 'sweep.role'), rights('Sweep', [...ANSWER, ASK]));
};

/** Lets the durable function start statements; of an imported one CDK may not know the role. */
export const letInvoke = (durableFunction: IFunction, invoker: IFunction): void => {
  if (durableFunction.role) {
    // Not grantInvoke: that also allows every version and alias, of which there are none.
    invoker.grantInvokeLatestVersion(durableFunction);
    return;
  }
  Annotations.of(durableFunction).addWarningV2(
    'sfn-redshift-tasker:addDurableFunction',
    `${PROPERTY}: its role is not known here. It must be allowed lambda:InvokeFunction on ${invoker.node.path}`,
  );
};

/** As a supplied role is: what it may goes into a policy where it is let, and not to where the role is. */
const inOwnPolicy = ({ role }: HandlerRole, property: string): HandlerRole => ({ role, suppliedBy: property });

const scopeFor = (tasker: Construct, durableFunction: IFunction): Construct => {
  const { node } = durableFunction;
  const id = `SfnRedshiftTasker${tasker.node.addr.slice(-8)}`;
  if (node.tryFindChild(id)) refuse(PROPERTY, 'must be one that was not added before', node.path);
  return new Construct(durableFunction, id);
};

/** The function that a version or an alias is of. */
const withoutQualifier = (durableFunction: IFunction): IFunction => {
  const { lambda: unqualified = durableFunction } = durableFunction as IFunction & { readonly lambda?: IFunction };
  const { functionArn } = unqualified;
  if (Token.isUnresolved(functionArn)) return unqualified;
  const { resourceName = '' } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  if (resourceName.includes(':'))
    refuse(PROPERTY, 'must be a function, not a version or an alias by its ARN', functionArn);
  return unqualified;
};
