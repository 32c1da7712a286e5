import { describe, expect, it } from 'vitest';
import { AwsError, NotSupportedError } from '../../../src/common/aws-error.ts';
import { parseDefinition } from '../../../src/step-functions/definition/parse-definition.ts';
import { callback, invoke, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

const refusal = (definition: unknown): unknown => {
  try {
    parseDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition));
  } catch (error) {
    return error;
  }
  return undefined;
};

const map = { Type: 'Map', ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } } };

const READER = { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'b', Key: 'k' } };
const WRITER = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } };

const mapIn = (Mode: string, ExecutionType: string) => ({
  ...map,
  ItemProcessor: { ...map.ItemProcessor, ProcessorConfig: { Mode, ExecutionType } },
});

describe('A definition that is not valid', () => {
  it.each<[string, unknown, string]>([
    ['is no JSON', '{', 'not a JSON object'],
    ['is no object', '[]', 'not a JSON object'],
    ['has no states', { StartAt: 'A' }, 'States'],
    ['leads to a state that is not there', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }, 'B'],
    ['has a state without a way on', { StartAt: 'A', States: { A: { Type: 'Pass' } } }, 'A'],
    ['has a field that its type does not know', only({ Type: 'Pass', Seconds: 1 }), '/States/Only'],
    [
      'has a heartbeat longer than its timeout',
      only(invoke({ TimeoutSeconds: 5, HeartbeatSeconds: 5 })),
      'HeartbeatSeconds',
    ],
    ['names no function', only(invoke({ Parameters: { Payload: {} } })), 'FunctionName'],
    [
      "names a parameter as the service's API does",
      only({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution', Parameters: { 'input.$': '$' } }),
      "The field 'input' is not supported by Step Functions at /States/Only",
    ],
    ['has credentials without a role', only(invoke({ Credentials: { Role: 'r' } })), "'RoleArn' is required"],
    [
      'has States.ALL beside another name',
      only(invoke({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] })),
      'States.ALL',
    ],
    [
      'has States.ALL before the last catcher',
      only(
        invoke({
          Catch: [
            { ErrorEquals: ['States.ALL'], Next: 'Only' },
            { ErrorEquals: ['E'], Next: 'Only' },
          ],
        }),
      ),
      'States.ALL must appear alone, and in the last element of Catch at /States/Only',
    ],
    [
      'has a label that is too long',
      only({ ...mapIn('DISTRIBUTED', 'STANDARD'), Label: 'l'.repeat(41) }),
      'Label cannot exceed 40 characters at /States/Only',
    ],
    [
      'has a label with a colon',
      only({ ...mapIn('DISTRIBUTED', 'STANDARD'), Label: 'a:b' }),
      "Label contains an invalid character: 'a:b'",
    ],
    [
      'has one of these in an iteration',
      only({
        Type: 'Map',
        ItemProcessor: { StartAt: 'In', States: { In: invoke({ Parameters: {}, End: true }) } },
      }),
      'at /States/In',
    ],
    ['retries after no time', only(invoke({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 0 }] })), 'IntervalSeconds'],
    ['retries ever faster', only(invoke({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] })), 'BackoffRate'],
    [
      'has one of these in a branch',
      only({ Type: 'Parallel', Branches: [{ StartAt: 'In', States: { In: invoke({ Parameters: {}, End: true }) } }] }),
      'at /States/In',
    ],
    ['has a broken path', only({ Type: 'Pass', InputPath: 'x' }), '/States/Only'],
  ])('is refused because it %s', (_case, definition, message) => {
    const error = refusal(definition);

    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ code: 'InvalidDefinition' });
    expect((error as AwsError).message).toMatch(/^Invalid State Machine Definition: '/);
    expect((error as AwsError).message).toContain(message);
  });
});

describe('What the stage does not run', () => {
  it.each<[string, unknown, string]>([
    ['ItemReader', only({ ...map, ItemReader: READER }), "state 'Only': ItemReader"],
    ['ResultWriter', only({ ...map, ResultWriter: WRITER }), "state 'Only': ResultWriter"],
    ['Express children', only(mapIn('DISTRIBUTED', 'EXPRESS')), "state 'Only': ExecutionType EXPRESS"],
    ['a label in an inline Map state', only({ ...map, Label: 'L' }), "state 'Only': Label in mode INLINE"],
    ...[
      'arn:aws:lambda:eu-central-1:1:function:f',
      'arn:aws:states:::sns:publish',
      'arn:aws:states:::aws-sdk:ec2:describeInstances',
      'arn:aws:states:::aws-sdk:sqs:addPermission',
      'arn:aws:states:::aws-sdk:sqs:SendMessage',
      'arn:aws:states:::aws-sdk:sqs:sendMessage.sync',
      'arn:aws:states:::dynamodb:getItem.waitForTaskToken',
      'arn:aws:states:::lambda:invoke.sync',
      'arn:aws:states:eu-central-1:123456789012:activity:a',
    ].map((Resource): [string, unknown, string] => [
      `the resource ${Resource}`,
      only({ Type: 'Task', Resource }),
      `state 'Only': Resource ${Resource}`,
    ]),
    [
      'a parameter of StartExecution',
      only({
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution',
        Parameters: { StateMachineArn: 'm', 'TraceHeader.$': '$.t' },
      }),
      "state 'Only': Parameters.TraceHeader",
    ],
    [
      'a parameter of Invoke',
      only(invoke({ Parameters: { FunctionName: 'f', LogType: 'Tail' } })),
      "state 'Only': Parameters.LogType",
    ],
    [
      'a function in a path',
      only({ Type: 'Pass', InputPath: "$.a[?match(@.b, '(a+)+')]" }),
      "state 'Only': The path '$.a[?match(@.b, '(a+)+')]'",
    ],
    [
      'a script in a path',
      only({ Type: 'Pass', InputPath: '$.a[(@.length-1)]' }),
      "state 'Only': The path '$.a[(@.length-1)]'",
    ],
    [
      'a state within a branch',
      only({
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: { ...map, ItemReader: READER, End: true } } }],
      }),
      "state 'In': ItemReader",
    ],
  ])('is refused by name: %s', (_case, definition, message) => {
    const error = refusal(definition);

    expect(error).toBeInstanceOf(NotSupportedError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain('is not supported by the local stage.');
  });
});

describe('What the stage does run', () => {
  it.each([['aws'], ['aws-cn'], ['aws-us-gov'], ['aws-iso']])('is taken in the partition %s', (partition) => {
    const Resource = `arn:${partition}:states:::lambda:invoke.waitForTaskToken`;

    expect(refusal(only(callback({ Resource })))).toBeUndefined();
  });

  it('is taken with comments and everything that belongs to it', () => {
    const state = callback({
      Comment: 'c',
      InputPath: '$.a',
      ResultSelector: { 'x.$': '$.b[*]' },
      ResultPath: '$.r',
      OutputPath: '$.r',
      TimeoutSeconds: 10,
      HeartbeatSeconds: 5,
      Retry: [{ ErrorEquals: ['States.ALL'], MaxDelaySeconds: 9, JitterStrategy: 'FULL', Comment: 'c' }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Only', ResultPath: null, Comment: 'c' }],
    });

    expect(
      refusal({ Comment: 'c', Version: '1.0', TimeoutSeconds: 60, QueryLanguage: 'JSONPath', ...only(state) }),
    ).toBeUndefined();
  });
});

describe('putStateMachine', () => {
  it('refuses a role that does not trust Step Functions', () => {
    const stage = new StepFunctionsStage({
      roles: {
        assume: () => {
          throw new AwsError('AccessDenied', 'no');
        },
        credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
      },
    });

    expect(() => stage.deploy(only({ Type: 'Pass' }))).toThrow('authorized to assume the provided role');
  });
});
