import { CfnOutput, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountRootPrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  DefinitionBody,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { PROBE_CODE } from './probe-code.ts';

const EVENTS = { source: ['aws.redshift-data'], detailType: ['Redshift Data Statement Status Change'] };

/** What the open points are tried out on; nothing of it is the tasker's. */
export const addProbeStack = (scope: Construct, id: string): Stack => {
  const stack = new Stack(scope, id);
  addQueues(stack);
  const waits = addFunction(stack, 'Waits', Duration.seconds(60));
  const late = addFunction(stack, 'Late', Duration.seconds(1));
  const retried = callback(stack, 'AskTwice', waits).addRetry({
    errors: ['States.ALL'],
    maxAttempts: 1,
    interval: Duration.seconds(1),
  });
  const machines = {
    Retried: addMachine(stack, 'Retried', retried),
    Callback: addMachine(stack, 'Callback', callback(stack, 'Ask', waits)),
    TimedOut: addMachine(
      stack,
      'TimedOut',
      new LambdaInvoke(stack, 'RunLate', { lambdaFunction: late, retryOnServiceExceptions: false }),
    ),
  };
  addRole(stack, 'MayAnswer', machines.Callback);
  addRole(stack, 'MayNotAnswer', machines.Retried);
  new CustomResource(stack, 'Responded', { serviceToken: waits.functionArn, resourceType: 'Custom::Responded' });
  return stack;
};

/** Real events, and what cannot be delivered, in queues that SQS encrypts with keys of its own. */
const addQueues = (stack: Stack): void => {
  const encrypted = { encryption: QueueEncryption.SQS_MANAGED, removalPolicy: RemovalPolicy.DESTROY };
  const events = new Queue(stack, 'Events', encrypted);
  new Rule(stack, 'ToEvents', { eventPattern: EVENTS, targets: [new SqsQueue(events)] });
  const closed = new Queue(stack, 'Closed', encrypted);
  const principals = [new ServicePrincipal('events.amazonaws.com')];
  const [actions, resources] = [['sqs:SendMessage'], [closed.queueArn]];
  closed.addToResourcePolicy(new PolicyStatement({ effect: Effect.DENY, principals, actions, resources }));
  const deadLetters = new Queue(stack, 'DeadLetters', encrypted);
  const target = {
    id: 'Closed',
    arn: closed.queueArn,
    deadLetterConfig: { arn: deadLetters.queueArn },
    retryPolicy: { maximumRetryAttempts: 0 },
  };
  const eventPattern = { source: EVENTS.source, 'detail-type': EVENTS.detailType };
  const toClosed = new CfnRule(stack, 'ToClosed', { eventPattern, targets: [target] });
  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions,
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': toClosed.attrArn } },
    }),
  );
  output(stack, 'Events', events.queueUrl);
  output(stack, 'DeadLetters', deadLetters.queueUrl);
};

const addFunction = (stack: Stack, id: string, timeout: Duration): LambdaFunction => {
  const logGroup = new LogGroup(stack, `${id}Logs`, { removalPolicy: RemovalPolicy.DESTROY });
  output(stack, `${id}LogGroup`, logGroup.logGroupName);
  const code = Code.fromInline(PROBE_CODE);
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code,
    timeout,
    logGroup,
  });
};

const callback = (stack: Stack, id: string, lambdaFunction: LambdaFunction): LambdaInvoke =>
  new LambdaInvoke(stack, id, {
    lambdaFunction,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({ token: JsonPath.taskToken, ms: JsonPath.numberAt('$.ms') }),
    retryOnServiceExceptions: false,
  });

const addMachine = (stack: Stack, id: string, does: IChainable): StateMachine => {
  const machine = new StateMachine(stack, id, {
    definitionBody: DefinitionBody.fromChainable(does),
    timeout: Duration.minutes(10),
  });
  output(stack, `${id}Arn`, machine.stateMachineArn);
  return machine;
};

/** Whoever runs the probe may become it; it may answer the tasks of one state machine. */
const addRole = (stack: Stack, id: string, machine: StateMachine): void => {
  const role = new Role(stack, id, { assumedBy: new AccountRootPrincipal() });
  const [actions, resources] = [['states:SendTaskSuccess'], [machine.stateMachineArn]];
  role.addToPolicy(new PolicyStatement({ actions, resources }));
  output(stack, `${id}RoleArn`, role.roleArn);
};

const output = (stack: Stack, name: string, value: string): CfnOutput => new CfnOutput(stack, `Out${name}`, { value });
