import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TestStateCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { silentLog } from '../../../src/common/log.ts';
import type { BusEvent } from '../../../src/common/ports.ts';
import { createStepFunctions, type StepFunctions } from '../../../src/step-functions/index.ts';
import {
  account,
  addRole,
  type RecordingService,
  recordingService,
  sessionOf,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';
import { callback, invoke, only, returned, Spy } from '../../helpers/step-functions.ts';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:m';
const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:m';
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:fn';

let stage: TestGateway;
let sfn: StepFunctions;
let client: SFNClient;
let events: Spy<BusEvent>;
let lambda: RecordingService;
let invoked: Spy<string>;

beforeEach(async () => {
  stage = await startGateway();
  events = new Spy();
  invoked = new Spy();
  lambda = recordingService(
    'lambda',
    ({ input }) => {
      invoked.add(String(input.Payload));
      return returned('done');
    },
    () => [{ action: 'lambda:InvokeFunction', resource: FUNCTION }],
  );
  const { gateway, clock, identities } = stage;
  const sink = { put: (event: BusEvent) => events.add(event) };
  sfn = createStepFunctions({
    account,
    clock,
    roles: identities,
    calls: gateway,
    endpoint: () => gateway.endpoint,
    events: sink,
    log: silentLog,
  });
  gateway.register(sfn);
  gateway.register(lambda);
  client = new SFNClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await sfn.close();
  await stage.close();
});

/** A role that Step Functions may take on. */
const machineRole = (name: string, ...statements: readonly Record<string, unknown>[]): string => {
  const roleArn = addRole(stage, name, ...statements);
  const trust = { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' };
  stage.identities.putRole({ name, arn: roleArn, trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
  return roleArn;
};

const MAY_INVOKE = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION };

const deploy = (definition: unknown, roleArn = machineRole('machine', MAY_INVOKE)) =>
  sfn.putStateMachine({ name: 'm', arn: MACHINE, roleArn, definition: JSON.stringify(definition), type: 'STANDARD' });

const start = async (name: string, input = '{}') => {
  const command = new StartExecutionCommand({ stateMachineArn: MACHINE, name, input });
  return (await client.send(command)).executionArn ?? '';
};

const ended = (executionArn: string) =>
  events.find(({ detail }) => detail.executionArn === executionArn && detail.status !== 'RUNNING');

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const tokenOf = async (): Promise<string> => {
  const payload = await invoked.find(() => true);
  return (JSON.parse(payload) as { token: string }).token;
};

const PASS = only({ Type: 'Pass' });
const WAIT = only({ Type: 'Wait', Seconds: 600 });

describe('StartExecution', () => {
  it('starts the state machine with the input', async () => {
    deploy(PASS);
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'e', input: '{"a":1}' }),
    );

    expect(started.executionArn).toBe(`${EXECUTION}:e`);
    expect(started.startDate).toBeInstanceOf(Date);
    expect((await ended(`${EXECUTION}:e`)).detail).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
  });

  it('makes up a name, and takes an empty object for the input', async () => {
    deploy(PASS);
    const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE }));

    expect(executionArn).toMatch(/:execution:m:[0-9a-f-]{36}$/);
    expect((await ended(executionArn)).detail.input).toBe('{}');
  });

  it('starts nothing more with the same name and input while it runs', async () => {
    deploy(WAIT);
    const first = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'e', input: '{}' }));
    const second = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'e', input: '{}' }));

    expect(second).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    expect(events.seen).toHaveLength(1);
    expect(await refusal(start('e', '{"other":1}'))).toMatchObject({
      name: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${EXECUTION}:e'`,
    });
  });

  it('refuses the name of an execution that has ended', async () => {
    deploy(PASS);
    await ended(await start('e'));

    expect(await refusal(start('e'))).toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['input that is no JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['input of more than 262,144 bytes', { input: JSON.stringify('x'.repeat(262_143)) }, 'ValidationException'],
    ['a name with a space', { name: 'a b' }, 'InvalidName'],
    ['a name of 81 characters', { name: 'n'.repeat(81) }, 'InvalidName'],
    ['a state machine that is not there', { stateMachineArn: `${MACHINE}x` }, 'StateMachineDoesNotExist'],
    ['what is no ARN', { stateMachineArn: 'm' }, 'InvalidArn'],
  ])('refuses %s', async (_case, input, name) => {
    deploy(PASS);

    expect(await refusal(client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, ...input })))).toMatchObject(
      {
        name,
        $metadata: { httpStatusCode: 400 },
      },
    );
  });
});

describe('DescribeExecution', () => {
  it('tells of an execution that succeeded', async () => {
    deploy(PASS);
    const executionArn = await start('e', '[1]');
    await ended(executionArn);

    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      executionArn,
      stateMachineArn: MACHINE,
      name: 'e',
      status: 'SUCCEEDED',
      startDate: expect.any(Date) as Date,
      stopDate: expect.any(Date) as Date,
      input: '[1]',
      output: '[1]',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('tells of an execution that failed', async () => {
    deploy(only({ Type: 'Fail', Error: 'E', Cause: 'why' }));
    const executionArn = await start('e');
    await ended(executionArn);
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));

    expect(described).toMatchObject({ status: 'FAILED', error: 'E', cause: 'why', redriveStatus: 'REDRIVABLE' });
    expect(described.output).toBeUndefined();
  });

  it('refuses what is not there', async () => {
    expect(await refusal(client.send(new DescribeExecutionCommand({ executionArn: `${EXECUTION}:x` })))).toMatchObject({
      name: 'ExecutionDoesNotExist',
      message: `Execution Does Not Exist: '${EXECUTION}:x'`,
    });
  });
});

describe('GetExecutionHistory', () => {
  it('comes in pages, in either direction', async () => {
    deploy(PASS);
    const executionArn = await start('e');
    await ended(executionArn);
    const idsOf = async (reverseOrder: boolean) => {
      const pages: (number | undefined)[][] = [];
      const paginator = paginateGetExecutionHistory({ client, pageSize: 3 }, { executionArn, reverseOrder });
      for await (const page of paginator) pages.push((page.events ?? []).map(({ id }) => id));
      return pages;
    };

    expect(await idsOf(false)).toEqual([[1, 2, 3], [4]]);
    expect(await idsOf(true)).toEqual([[4, 3, 2], [1]]);
  });

  it('leaves the data out when asked to', async () => {
    deploy(PASS);
    const executionArn = await start('e');
    await ended(executionArn);
    const { events: [started, entered] = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }),
    );

    expect(started?.timestamp).toBeInstanceOf(Date);
    expect(started?.executionStartedEventDetails).toEqual({ roleArn: 'arn:aws:iam::123456789012:role/machine' });
    expect(entered?.stateEnteredEventDetails).toEqual({ name: 'Only' });
  });

  it.each([
    [{ nextToken: 'x' }, 'InvalidToken'],
    [{ maxResults: 1001 }, 'ValidationException'],
  ])('refuses %j', async (input, name) => {
    deploy(PASS);
    const executionArn = await start('e');

    expect(await refusal(client.send(new GetExecutionHistoryCommand({ executionArn, ...input })))).toMatchObject({
      name,
    });
  });
});

describe('ListExecutions', () => {
  it('lists the newest first, in pages that stand still while new ones start', async () => {
    deploy(PASS);
    for (const name of ['a', 'b', 'c']) await ended(await start(name));
    const names: (string | undefined)[][] = [];
    for await (const page of paginateListExecutions({ client, pageSize: 2 }, { stateMachineArn: MACHINE })) {
      names.push((page.executions ?? []).map(({ name }) => name));
      if (names.length === 1) await ended(await start('later'));
    }

    expect(names).toEqual([['c', 'b'], ['a']]);
  });

  it('filters by status', async () => {
    deploy(WAIT);
    await start('runs');
    const executionArn = await start('stopped');
    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn, error: 'E' }));
    const { executions } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: MACHINE, statusFilter: 'ABORTED' }),
    );

    expect(executions).toMatchObject([{ name: 'stopped', status: 'ABORTED', stopDate, redriveCount: 0 }]);
  });

  it('lists those that run, in pages, redriven ones in the place of their start', async () => {
    deploy(WAIT);
    for (const name of ['a', 'b', 'c']) await start(name);
    const first = `${EXECUTION}:a`;
    await client.send(new StopExecutionCommand({ executionArn: first }));
    await client.send(new StopExecutionCommand({ executionArn: `${EXECUTION}:b` }));
    await client.send(new RedriveExecutionCommand({ executionArn: first }));
    const names: (string | undefined)[][] = [];
    const filter = { stateMachineArn: MACHINE, statusFilter: 'RUNNING' } as const;
    for await (const page of paginateListExecutions({ client, pageSize: 1 }, filter))
      names.push((page.executions ?? []).map(({ name }) => name));

    expect(names).toEqual([['c'], ['a']]);
  });

  it('refuses a status that there is not', async () => {
    deploy(PASS);
    const command = new ListExecutionsCommand({ stateMachineArn: MACHINE, statusFilter: 'aborted' as 'ABORTED' });

    expect(await refusal(client.send(command))).toMatchObject({ name: 'ValidationException' });
  });
});

describe('StopExecution', () => {
  it('changes nothing about an execution that has ended', async () => {
    deploy(PASS);
    const executionArn = await start('e');
    await ended(executionArn);
    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn }));
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));

    expect(described).toMatchObject({ status: 'SUCCEEDED', stopDate });
  });
});

describe('State machines', () => {
  it('are listed and described', async () => {
    deploy(PASS);

    expect((await client.send(new ListStateMachinesCommand({}))).stateMachines).toMatchObject([
      { stateMachineArn: MACHINE, name: 'm', type: 'STANDARD', creationDate: expect.any(Date) as Date },
    ]);
    expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE }))).toMatchObject({
      name: 'm',
      status: 'ACTIVE',
      definition: JSON.stringify(PASS),
      roleArn: 'arn:aws:iam::123456789012:role/machine',
    });
  });
});

describe('RedriveExecution', () => {
  it('starts once more what failed, and answers when', async () => {
    deploy(only({ Type: 'Fail', Error: 'E' }));
    const executionArn = await start('e');
    await ended(executionArn);
    const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn, clientToken: 't' }));

    expect(redriveDate).toBeInstanceOf(Date);
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      redriveCount: 1,
      redriveDate,
    });
  });
});

describe('DescribeStateMachineForExecution', () => {
  it('shows the definition that the execution was started with', async () => {
    deploy(WAIT);
    const executionArn = await start('e');
    deploy(PASS);
    const command = new DescribeStateMachineForExecutionCommand({ executionArn });

    expect(await client.send(command)).toMatchObject({
      stateMachineArn: MACHINE,
      name: 'm',
      definition: JSON.stringify(WAIT),
      updateDate: expect.any(Date) as Date,
    });
  });
});

describe('includedData', () => {
  it('METADATA_ONLY leaves input, output and definition out', async () => {
    deploy(PASS);
    const executionArn = await start('e', '[1]');
    await ended(executionArn);
    const includedData = 'METADATA_ONLY';
    const execution = await client.send(new DescribeExecutionCommand({ executionArn, includedData }));
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE, includedData }));

    expect(execution).toMatchObject({ status: 'SUCCEEDED', inputDetails: { included: false } });
    expect([execution.input, execution.output, machine.definition]).toEqual([undefined, undefined, undefined]);
  });
});

describe('An ARN of another kind of resource', () => {
  it('is refused', async () => {
    deploy(PASS);

    expect(await refusal(client.send(new DescribeExecutionCommand({ executionArn: MACHINE })))).toMatchObject({
      name: 'InvalidArn',
      message: "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
    });
  });
});

describe('An operation that the stage does not know', () => {
  it.each([
    ['TestState', new TestStateCommand({ definition: '{}', roleArn: 'arn:aws:iam::123456789012:role/r' })],
    ['CreateStateMachine', new CreateStateMachineCommand({ name: 'm', definition: '{}', roleArn: 'r' })],
  ])('is refused by name: %s', async (name, command) => {
    const plain = new SFNClient({ ...stage.client(), disableHostPrefix: true });

    expect(await refusal(plain.send(command as TestStateCommand))).toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining(name) as string,
    });
    plain.destroy();
  });
});

describe('Permissions', () => {
  const as = (name: string, ...statements: readonly Record<string, unknown>[]) =>
    new SFNClient(stage.client(sessionOf(stage, addRole(stage, name, ...statements))));

  it.each<[string, string, (executionArn: string) => unknown]>([
    ['StartExecution', MACHINE, () => new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'other' })],
    ['ListExecutions', MACHINE, () => new ListExecutionsCommand({ stateMachineArn: MACHINE })],
    ['DescribeExecution', `${EXECUTION}:e`, (executionArn) => new DescribeExecutionCommand({ executionArn })],
    ['StopExecution', `${EXECUTION}:e`, (executionArn) => new StopExecutionCommand({ executionArn })],
    [
      'DescribeStateMachineForExecution',
      `${EXECUTION}:e`,
      (executionArn) => new DescribeStateMachineForExecutionCommand({ executionArn }),
    ],
    ['GetExecutionHistory', `${EXECUTION}:e`, (executionArn) => new GetExecutionHistoryCommand({ executionArn })],
  ])('%s needs its action on %s', async (operation, resource, command) => {
    deploy(WAIT);
    const executionArn = await start('e');
    const allowed = as('allowed', { Effect: 'Allow', Action: `states:${operation}`, Resource: resource });
    const denied = as('denied', { Effect: 'Allow', Action: `states:${operation}`, Resource: `${resource}x` });
    const send = (caller: SFNClient) => refusal(caller.send(command(executionArn) as StartExecutionCommand));

    expect(await send(denied)).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`states:${operation} on resource: ${resource}`) as string,
    });
    expect(await send(allowed)).toBeUndefined();
    allowed.destroy();
    denied.destroy();
  });

  it.each([
    ['SendTaskSuccess', (taskToken: string) => new SendTaskSuccessCommand({ taskToken, output: '{}' })],
    ['SendTaskFailure', (taskToken: string) => new SendTaskFailureCommand({ taskToken })],
    ['SendTaskHeartbeat', (taskToken: string) => new SendTaskHeartbeatCommand({ taskToken })],
  ])('%s needs its action on the state machine that issued the token', async (operation, command) => {
    deploy(only(callback()));
    await start('e');
    const token = await tokenOf();
    const Action = `states:${operation}`;
    const allowed = as('allowed', { Effect: 'Allow', Action, Resource: 'arn:aws:states:*:*:stateMachine:*' });
    const denied = as('denied', { Effect: 'Allow', Action, Resource: 'arn:aws:states:*:*:stateMachine:n' });

    expect(await refusal(denied.send(command(token) as SendTaskFailureCommand))).toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(await refusal(denied.send(command('no token') as SendTaskFailureCommand))).toMatchObject({
      name: 'InvalidToken',
      message: "Invalid Token: 'Invalid token'",
    });
    expect(await refusal(allowed.send(command(token) as SendTaskFailureCommand))).toBeUndefined();
    allowed.destroy();
    denied.destroy();
  });

  it('are those of the role of the state machine where a task calls a function', async () => {
    deploy(only(invoke()), machineRole('powerless'));
    const { detail } = await ended(await start('e'));

    expect(detail).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(detail.cause).toContain(
      `assumed-role/powerless/e is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION}`,
    );
    expect(lambda.received).toHaveLength(0);
  });

  it('let the role invoke what it may', async () => {
    deploy(only(invoke()));

    expect((await ended(await start('e'))).detail.status).toBe('SUCCEEDED');
    expect(lambda.received[0]?.caller).toMatchObject({ type: 'role', sessionName: 'e' });
  });

  it('are asked of the trust policy of the role at deployment', () => {
    expect(() => deploy(PASS, addRole(stage, 'for-lambda-only'))).toThrow(AwsError);
  });
});

describe('A task token that is answered over HTTP', () => {
  it('completes its task once', async () => {
    deploy(only(callback()));
    const executionArn = await start('e');
    const taskToken = await tokenOf();
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"rows":3}' }));

    expect((await ended(executionArn)).detail).toMatchObject({ status: 'SUCCEEDED', output: '{"rows":3}' });
    expect(await refusal(client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' })))).toMatchObject({
      name: 'TaskTimedOut',
      message: "Task Timed Out: 'Provided task does not exist anymore'",
      $metadata: { httpStatusCode: 400 },
    });
  });
});
