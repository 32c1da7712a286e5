import { METRICS, METRICS_NAMESPACE } from '@sfn-redshift/shared/names';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, ComparisonOperator, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf, resourceOf } from '../helpers/readable.ts';
import { addTasker, newApp, newStack } from '../helpers/synth.ts';

const newTasker = () => {
  const stack = newStack();
  return { stack, tasker: addTasker(stack) };
};

describe('grantInvoke', () => {
  const INVOKER = '${TaskerInvokerA0BC959E.Arn}';
  const INVOKES = {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: [`${INVOKER}:$LATEST`, INVOKER],
  };

  it('lets a state machine invoke the invoker, and nothing else', () => {
    const { stack, tasker } = newTasker();
    const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Pass'));
    const grant = tasker.grantInvoke(new StateMachine(stack, 'Machine', { definitionBody }));
    expect(grant.success).toBe(true);
    expect(propertiesOf(Template.fromStack(stack), 'AWS::IAM::Policy', 'MachineRoleDefaultPolicy')).toMatchObject({
      PolicyDocument: { Version: '2012-10-17', Statement: [INVOKES] },
    });
  });

  it.each([
    ['role', (stack: Stack) => new Role(stack, 'Who', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })],
    ['user', (stack: Stack) => new User(stack, 'Who')],
  ])('lets a %s invoke the invoker', (_kind, granteeIn) => {
    const { stack, tasker } = newTasker();
    tasker.grantInvoke(granteeIn(stack));
    expect(propertiesOf(Template.fromStack(stack), 'AWS::IAM::Policy', 'WhoDefaultPolicy')).toMatchObject({
      PolicyDocument: { Statement: [INVOKES] },
    });
  });

  it('lets a role of another stack invoke the invoker', () => {
    const app = newApp();
    const tasker = addTasker(new Stack(app, 'Stack'));
    const other = new Stack(app, 'Other');
    tasker.grantInvoke(new Role(other, 'Who', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    expect(JSON.stringify(Template.fromStack(other).findResources('AWS::IAM::Policy'))).toContain(
      'Stack:ExportsOutputFnGetAttTaskerInvoker',
    );
  });
});

describe('what the tasker exposes', () => {
  const { stack, tasker } = newTasker();
  const logicalIdOf = (value: string) => JSON.stringify(stack.resolve(value));

  it.each<[keyof SfnRedshiftTasker, string, string]>([
    ['invoker', tasker.invoker.functionArn, 'TaskerInvokerA0BC959E'],
    ['drain', tasker.drain.functionArn, 'TaskerDrainE88B8A1D'],
    ['sweep', tasker.sweep.functionArn, 'TaskerSweepB36639FE'],
    ['sweepSchedule', tasker.sweepSchedule.ruleArn, 'TaskerSweepSchedule968ED03E'],
    ['table', tasker.table.tableArn, 'TaskerTrackingTable629A6F13'],
    ['completionQueue', tasker.completionQueue.queueArn, 'TaskerCompletionQueue26D8B803'],
    ['completionDeadLetterQueue', tasker.completionDeadLetterQueue.queueArn, 'TaskerCompletionDeadLetterQueueD93756B7'],
    ['invokerDeadLetterQueue', tasker.invokerDeadLetterQueue.queueArn, 'TaskerInvokerDeadLetterQueue026A206C'],
    ['ruleDeadLetterQueue', tasker.ruleDeadLetterQueue.queueArn, 'TaskerRuleDeadLetterQueue235EA9D4'],
    ['completionRule', tasker.completionRule.ruleArn, 'TaskerCompletionRule87C65C27'],
    ['executionRule', String(tasker.executionRule?.ruleArn), 'TaskerExecutionRule916CB765'],
    ['encryptionKey', String(tasker.encryptionKey?.keyArn), 'TaskerKeyAC13F5CA'],
  ])('%s is the resource of that name', (_member, arn, logicalId) => {
    expect(logicalIdOf(arn)).toBe(JSON.stringify({ 'Fn::GetAtt': [logicalId, 'Arn'] }));
  });

  it('has other names for the invoker and the table', () => {
    expect(tasker.lambdaFunction).toBe(tasker.invoker);
    expect(tasker.trackingTable).toBe(tasker.table);
  });

  it('has a role of its own for each function', () => {
    const roles = [tasker.invoker, tasker.drain, tasker.sweep].map(({ role }) => role?.node.path);
    expect(new Set(roles.filter(Boolean)).size).toBe(3);
  });
});

describe('overrides', () => {
  it('reach the resources below, as those of any construct', () => {
    const { stack, tasker } = newTasker();
    (tasker.table.node.defaultChild as CfnTable).deletionProtectionEnabled = true;
    (tasker.completionQueue.node.defaultChild as CfnQueue).addPropertyOverride('DelaySeconds', 1);
    const template = Template.fromStack(stack);
    expect(propertiesOf(template, 'AWS::DynamoDB::Table', 'TaskerTrackingTable')).toMatchObject({
      DeletionProtectionEnabled: true,
    });
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'TaskerCompletionQueue')).toMatchObject({ DelaySeconds: 1 });
  });
});

describe('the metrics', () => {
  const { tasker } = newTasker();
  const metrics: [string, Metric, string, string][] = [
    ['metricStatementsStarted', tasker.metricStatementsStarted(), METRICS.statementStarted, 'invoker'],
    ['metricStartsRefused', tasker.metricStartsRefused(), METRICS.startRefused, 'invoker'],
    ['metricStartsUncertain', tasker.metricStartsUncertain(), METRICS.startUncertain, 'invoker'],
    ['metricStatementsFailed', tasker.metricStatementsFailed(), METRICS.statementFailed, 'drain'],
    ['metricResultsFailed', tasker.metricResultsFailed(), METRICS.resultFailed, 'drain'],
    ['metricStatementsAborted', tasker.metricStatementsAborted(), METRICS.statementAborted, 'drain'],
    ['metricStatementsCancelled', tasker.metricStatementsCancelled(), METRICS.statementCancelled, 'drain'],
    ['metricCancelsRefused', tasker.metricCancelsRefused(), METRICS.cancelRefused, 'drain'],
    ['metricCallbacksDelivered', tasker.metricCallbacksDelivered(), METRICS.callbackDelivered, 'drain'],
    ['metricCallbacksUndeliverable', tasker.metricCallbacksUndeliverable(), METRICS.callbackUndeliverable, 'drain'],
    ['metricMessagesRetried', tasker.metricMessagesRetried(), METRICS.messageRetried, 'drain'],
    ['metricOrphansCancelled', tasker.metricOrphansCancelled(), METRICS.statementCancelled, 'sweep'],
    ['metricStatementsOverran', tasker.metricStatementsOverran(), METRICS.statementOverran, 'sweep'],
    ['metricStatementsRescued', tasker.metricStatementsRescued(), METRICS.statementRescued, 'sweep'],
    ['metricSweepChecksFailed', tasker.metricSweepChecksFailed(), METRICS.sweepCheckFailed, 'sweep'],
  ];

  it.each(metrics)('%s is the count that the handler publishes', (_name, metric, metricName, service) => {
    expect(metric).toMatchObject({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensions: { service },
      statistic: 'Sum',
      period: Duration.minutes(5),
    });
  });

  it('takes the namespace of the tasker and the options of the caller', () => {
    const stack = newStack();
    const metric = addTasker(stack, { metricsNamespace: 'Reports' }).metricStatementsFailed({
      period: Duration.minutes(1),
      label: 'failed',
    });
    expect(metric).toMatchObject({ namespace: 'Reports', label: 'failed', period: Duration.minutes(1) });
  });

  it('can be alarmed on', () => {
    const { stack, tasker: alarming } = newTasker();
    new Alarm(stack, 'Gone', {
      metric: alarming.metricCallbacksUndeliverable(),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    });
    expect(resourceOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm', 'Gone').Properties).toMatchObject({
      Namespace: 'SfnRedshiftTasker',
      MetricName: 'CallbackUndeliverable',
      Dimensions: [{ Name: 'service', Value: 'drain' }],
    });
  });
});
