import { describe, expect, it } from 'vitest';
import { refusalsOf, stackOf } from '../../helpers/assembly.ts';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const queue = arn('sqs', 'jobs');
const machine = arn('states', 'stateMachine:m');
const pattern = { EventPattern: { source: ['a'] } };
const target = (fields: object) => ({ ...pattern, Targets: [{ Id: 't', Arn: queue, ...fields }] });

const refusals = (properties: object) =>
  refusalsOf(stackOf('Stack', { Resources: { It: { Type: 'AWS::Events::Rule', Properties: properties } } }));

describe('AWS::Events::Rule', () => {
  it.each([
    [{ ScheduleExpression: 'rate(1 minute)' }],
    [{ ...pattern, ScheduleExpression: 'cron(0 10 * * ? *)', State: 'DISABLED', Description: 'd', Tags: [] }],
    [target({ DeadLetterConfig: { Arn: queue }, RetryPolicy: { MaximumRetryAttempts: 2 } })],
    [target({ Arn: arn('lambda', 'function:f') })],
    [target({ Arn: machine, RoleArn: 'arn:aws:iam::1:role/r', Input: '{}' })],
    [target({ InputPath: '$.detail' })],
    [target({ InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a":<a>}' } })],
  ])('takes %j', (properties) => {
    expect(refusals(properties)).toEqual([]);
  });

  it.each([
    [{}, 'property EventPattern or ScheduleExpression is required'],
    [
      { EventPattern: { source: [{ contains: 'x' }] } },
      'property EventPattern is not accepted: Event pattern is not valid. Reason: Unrecognized match type contains at "source"',
    ],
    [
      { ScheduleExpression: 'rate(1 minutes)' },
      'property ScheduleExpression is not accepted: Parameter ScheduleExpression is not valid.',
    ],
    [{ ...pattern, State: 'ON' }, 'property State is supported as ENABLED or DISABLED only'],
    [{ ...pattern, EventBusName: 'own' }, 'property EventBusName is supported as default only'],
    [{ ...pattern, RoleArn: 'r' }, 'property RoleArn is not supported'],
    [
      target({ Arn: arn('sns', 'topic') }),
      'property Targets[0].Arn is supported for SQS queues, functions and state machines only',
    ],
    [target({ Arn: arn('logs', 'log-group:g') }), 'property Targets[0].Arn is supported for SQS queues, functions'],
    [target({ Arn: machine }), `property Targets[0].RoleArn is required for target ${machine}`],
    [target({ Id: '!@#' }), 'property Targets[0].Id must be up to 64 of . - _ A-Z a-z 0-9, got !@#'],
    [target({ SqsParameters: { MessageGroupId: 'g' } }), 'property Targets[0].SqsParameters is not supported'],
    [target({ Input: '{' }), 'property Targets[0].Input is not accepted: JSON syntax error in input for target t'],
    [
      target({ Input: '{}', InputPath: '$' }),
      'property Targets[0].InputPath is not accepted: Only one of Input, InputPath, or InputTransformer must be provided',
    ],
    [
      target({ InputTransformer: { InputTemplate: '"<x>"' } }),
      'property Targets[0].InputTransformer is not accepted: InputTemplate for target t contains invalid placeholder x.',
    ],
    [target({ InputTransformer: {} }), 'property Targets[0].InputTransformer.InputTemplate is required'],
    [
      target({ DeadLetterConfig: { Arn: machine } }),
      'property Targets[0].DeadLetterConfig.Arn must be that of an SQS queue',
    ],
    [
      target({ RetryPolicy: { MaximumRetryAttempts: 186 } }),
      'property Targets[0].RetryPolicy.MaximumRetryAttempts must be an integer from 0 to 185, got 186',
    ],
    [
      { ...pattern, Targets: Array.from({ length: 6 }, (_, n) => ({ Id: `t${n}`, Arn: queue })) },
      'property Targets may name 5 targets, it names 6',
    ],
    [
      { ...pattern, Targets: [0, 1].map(() => ({ Id: 't', Arn: queue })) },
      'property Targets must have an Id of its own for each target',
    ],
  ])('refuses %j', (properties, refusal) => {
    expect(refusals(properties)).toContainEqual(expect.stringContaining(`(AWS::Events::Rule): ${refusal}`));
  });
});
