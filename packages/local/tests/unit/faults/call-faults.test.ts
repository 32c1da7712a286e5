import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStatementCommand, ExecuteStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { SERVICE_NAMES } from '../../../src/common/service.ts';
import type { CallFault } from '../../../src/faults/fault.ts';
import {
  addRole,
  type RecordingService,
  recordingService,
  sessionOf,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';

let stage: TestGateway;
let services: RecordingService[];
const clients: { destroy(): void }[] = [];
beforeEach(async () => {
  services = SERVICE_NAMES.map((name) => recordingService(name, () => ({ TableNames: [], StatusCode: 200 })));
  stage = await startGateway(...services);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await stage.close();
});

const fault = (fault: Omit<CallFault, 'on'>) => stage.faults.add({ on: 'call', ...fault });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error & { $metadata?: { httpStatusCode?: number } },
  );
const own = <T extends { destroy(): void }>(client: T): T => {
  clients.push(client);
  return client;
};
const dynamoDb = (options = stage.client()) => own(new DynamoDBClient(options));
const list = (client = dynamoDb()) => client.send(new ListTablesCommand({}));
const received = (name: string) => services.find((service) => service.name === name)?.received.length;
const records = () => stage.gateway.calls.entries();

const target = { ClusterIdentifier: 'c1', Database: 'd', Sql: 's' };
/** A call of each service. */
const CALLS: readonly (readonly [name: string, call: () => Promise<unknown>])[] = [
  ['dynamodb', () => dynamoDb().send(new GetItemCommand({ TableName: 't', Key: { k: { S: 'v' } } }))],
  ['dynamodb, tables', () => list()],
  ['kms', () => own(new KMSClient(stage.client())).send(new ListAliasesCommand({}))],
  ['lambda', () => own(new LambdaClient(stage.client())).send(new InvokeCommand({ FunctionName: 'f' }))],
  ['logs', () => own(new CloudWatchLogsClient(stage.client())).send(new DescribeLogGroupsCommand({}))],
  ['redshift-data', () => own(new RedshiftDataClient(stage.client())).send(new DescribeStatementCommand({ Id: 'i' }))],
  [
    'redshift-data, workgroup',
    () =>
      own(new RedshiftDataClient(stage.client())).send(
        new ExecuteStatementCommand({ WorkgroupName: 'w', Database: 'd', Sql: 's' }),
      ),
  ],
  [
    'redshift-data, cluster',
    () => own(new RedshiftDataClient(stage.client())).send(new ExecuteStatementCommand(target)),
  ],
  ['s3', () => own(new S3Client({ ...stage.client(), forcePathStyle: true })).send(new ListBucketsCommand({}))],
  ['sqs', () => own(new SQSClient(stage.client())).send(new ListQueuesCommand({}))],
  [
    'states',
    () => own(new SFNClient(stage.client())).send(new SendTaskSuccessCommand({ taskToken: 't', output: '1' })),
  ],
  ['sts', () => own(new STSClient(stage.client())).send(new GetCallerIdentityCommand({}))],
];

describe('A throttle looks as the service itself throttles', () => {
  it.each([
    ['dynamodb', 'ProvisionedThroughputExceededException', 400],
    ['dynamodb, tables', 'ThrottlingException', 400],
    ['kms', 'ThrottlingException', 400],
    ['lambda', 'TooManyRequestsException', 429],
    ['logs', 'ThrottlingException', 400],
    ['redshift-data', 'ThrottlingException', 400],
    ['redshift-data, workgroup', 'ValidationException', 400],
    ['redshift-data, cluster', 'ThrottlingException', 400],
    ['s3', 'SlowDown', 503],
    ['sqs', 'RequestThrottled', 400],
    ['states', 'ThrottlingException', 400],
    ['sts', 'Throttling', 400],
  ])('%s: %s, %d', async (name, code, status) => {
    fault({ do: 'throttle' });
    const error = await failureOf(CALLS.find(([call]) => call === name)?.[1]() as Promise<unknown>);
    expect({ name: error?.name, status: error?.$metadata?.httpStatusCode }).toEqual({ name: code, status });
  });

  it('redshift-data, workgroup: the throttle is in the message only', async () => {
    fault({ do: 'throttle' });
    const error = await failureOf(CALLS.find(([name]) => name.endsWith('workgroup'))?.[1]() as Promise<unknown>);
    expect(error?.message).toMatch(/^Service returned error code ThrottlingException \(Service: RedshiftServerless/);
  });
});

describe('A server error bears the name that the service has for it', () => {
  it.each([
    ['dynamodb', 'InternalServerError'],
    ['kms', 'KMSInternalException'],
    ['lambda', 'ServiceException'],
    ['logs', 'ServiceUnavailableException'],
    ['redshift-data', 'InternalServerException'],
    ['s3', 'InternalError'],
    ['sqs', 'InternalFailure'],
    ['states', 'InternalFailure'],
    ['sts', 'InternalFailure'],
  ])('%s: %s', async (name, code) => {
    fault({ do: 'serverError' });
    const error = await failureOf(CALLS.find(([call]) => call === name)?.[1]() as Promise<unknown>);
    expect({ name: error?.name, status: error?.$metadata?.httpStatusCode }).toEqual({ name: code, status: 500 });
  });
});

describe('A call that meets a fault', () => {
  it('has no effect when the fault comes before it', async () => {
    fault({ do: 'serverError', operation: 'ListTables' });
    expect(await failureOf(list())).toMatchObject({ name: 'InternalServerError' });
    expect(received('dynamodb')).toBe(0);
  });

  it('has had its effect when the fault comes after it', async () => {
    fault({ do: 'serverError', when: 'after' });
    expect(await failureOf(list())).toMatchObject({ name: 'InternalServerError' });
    expect(received('dynamodb')).toBe(1);
  });

  it('fails with any name, status and message', async () => {
    fault({ do: 'fail', error: 'OddException', status: 418, message: 'odd' });
    expect(await failureOf(list())).toMatchObject({
      name: 'OddException',
      message: 'odd',
      $metadata: { httpStatusCode: 418 },
    });
  });

  it('is served when an SDK tries it again, the fault having had its uses', async () => {
    fault({ do: 'throttle', uses: 2 });
    await list(dynamoDb({ ...stage.client(), maxAttempts: 3 }));
    expect(records().map(({ outcome }) => outcome)).toEqual(['ThrottlingException', 'ThrottlingException', 'ok']);
  });

  it('gets no answer, and its connection is closed', async () => {
    fault({ do: 'disconnect', when: 'after' });
    expect(await failureOf(list())).toMatchObject({ code: 'ECONNRESET' });
    expect(received('dynamodb')).toBe(1);
    expect(records()).toMatchObject([{ outcome: 'NoAnswer', fault: 'fault-1', responseBytes: 0 }]);
  });

  it('gets no answer as long as the caller waits', async () => {
    const hang = fault({ do: 'hang' });
    const patience = new AbortController();
    const hanging = failureOf(dynamoDb().send(new ListTablesCommand({}), { abortSignal: patience.signal }));
    await hang.hasHit();
    patience.abort();
    expect(await hanging).toMatchObject({ name: 'AbortError' });
    expect(received('dynamodb')).toBe(0);
  });

  it('waits by the clock of the stage', async () => {
    const delay = fault({ do: 'delay', delayMs: 3_600_000 });
    const answer = list();
    await delay.hasHit();
    stage.clock.advance(3_600_000);
    await answer;
    expect(records()[0]?.durationMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it('is recorded with the fault', async () => {
    fault({ id: 'x', do: 'throttle', nth: 2 });
    await list();
    await failureOf(list());
    expect(records().map((record) => record.fault)).toEqual([undefined, 'x']);
  });

  it('inside the stage fails as one over HTTP', async () => {
    fault({ do: 'disconnect' });
    const caller = { type: 'administrator', arn: 'a' } as const;
    const request = { caller, service: 'lambda', operation: 'Invoke', input: {} } as const;
    await expect(stage.gateway.call(request)).rejects.toMatchObject({ code: 'SdkClientException' });
  });
});

describe('A function that is killed by a call', () => {
  /** A function's sandbox, as far as the gateway sees it, and what it does in the order of time. */
  const sandbox = () => {
    const role = addRole(stage, 'f', { Effect: 'Allow', Action: '*', Resource: '*' });
    const caller = stage.identities.assume(role, 'lambda.amazonaws.com', 'f');
    const happened: string[] = [];
    const calling = {
      functionName: 'f',
      invocationId: 'i',
      isDying: false,
      doom: () => (calling.isDying = true),
      kill: () => {
        calling.isDying = true;
        happened.push('killed');
      },
    };
    stage.functions.register(caller, calling);
    const client = dynamoDb(stage.client(stage.identities.credentialsFor(caller)));
    const call = () => failureOf(list(client)).then((error) => happened.push(error?.name ?? 'answered'));
    return { happened, call };
  };
  const refuse = () => {
    services[0] = recordingService('dynamodb', () => {
      throw new AwsError('ConditionalCheckFailedException', 'no');
    });
    stage.gateway.register(services[0]);
  };

  it.each([
    ['before', 0, ['killed', 'TimeoutError']],
    ['after', 1, ['killed', 'TimeoutError']],
  ] as const)('%s its effect gets no answer', async (when, effects, expected) => {
    fault({ do: 'kill', when });
    const { happened, call } = sandbox();
    await call();
    expect(happened).toEqual(expected);
    expect(received('dynamodb')).toBe(effects);
  });

  it('when it is answered has its answer, and is heard no more', async () => {
    fault({ do: 'kill', when: 'answered', nth: 1 });
    const { happened, call } = sandbox();
    await call();
    await call();
    expect(happened.toSorted()).toEqual(['TimeoutError', 'answered', 'killed']);
    expect(received('dynamodb')).toBe(1);
    expect(records()).toMatchObject([
      { outcome: 'ok', functionName: 'f', invocationId: 'i' },
      { outcome: 'NoAnswer', functionName: 'f' },
    ]);
  });

  it('when it is answered is so too when the answer is a refusal', async () => {
    refuse();
    fault({ do: 'kill', when: 'answered', nth: 1 });
    const { happened, call } = sandbox();
    await call();
    await call();
    expect(happened.toSorted()).toEqual(['ConditionalCheckFailedException', 'TimeoutError', 'killed']);
  });

  it('after a refusal gets no answer either', async () => {
    refuse();
    fault({ do: 'kill', when: 'after' });
    const { happened, call } = sandbox();
    await call();
    expect(happened).toEqual(['killed', 'TimeoutError']);
  });

  it('is never somebody else: other callers do not match', async () => {
    const kill = fault({ do: 'kill' });
    await list();
    expect(kill.matched).toBe(0);
  });
});

describe('A fault on calls is for', () => {
  it.each<readonly [Omit<CallFault, 'on' | 'do'>, boolean]>([
    [{}, true],
    [{ service: 'dynamodb' }, true],
    [{ service: 'sqs' }, false],
    [{ operation: 'ListTables' }, true],
    [{ operation: 'List' }, false],
    [{ operation: /^list/gi }, true],
    [{ caller: 'reader' }, true],
    [{ caller: 'read' }, false],
    [{ caller: /reader\/session$/ }, true],
    [{ caller: 'arn:aws:iam::123456789012:role/reader' }, true],
    [{ caller: 'writer' }, false],
  ])('%j: %s', async (filter, isHit) => {
    const role = addRole(stage, 'reader', { Effect: 'Allow', Action: '*', Resource: '*' });
    fault({ ...filter, do: 'throttle' });
    const outcome = await failureOf(list(dynamoDb(stage.client(sessionOf(stage, role)))));
    expect(outcome !== undefined).toBe(isHit);
  });

  it('calls that are permitted: others are refused as ever, and count for nothing', async () => {
    services[0] = recordingService(
      'dynamodb',
      () => ({}),
      () => [{ action: 'dynamodb:ListTables', resource: '*' }],
    );
    stage.gateway.register(services[0]);
    const role = addRole(stage, 'nobody');
    const { id } = fault({ do: 'throttle' });
    expect(await failureOf(list(dynamoDb(stage.client(sessionOf(stage, role)))))).toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(stage.faults.get(id).matched).toBe(0);
  });
});
