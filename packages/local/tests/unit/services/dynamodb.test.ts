import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../src/services/dynamodb.ts';
import { Keys } from '../../../src/services/kms.ts';
import { account, addRole, sessionOf, startGateway, type TestGateway } from '../../helpers/gateway.ts';

let stage: TestGateway;
let keys: Keys;
let client: DynamoDBClient;
let closeTables: () => Promise<void>;
beforeEach(async () => {
  stage = await startGateway();
  keys = new Keys({ account, clock: stage.clock });
  const tables = await startDynamoDb(account, keys);
  closeTables = () => tables.close();
  for (const service of [tables, keys]) stage.gateway.register(service);
  client = new DynamoDBClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await stage.close();
  await closeTables();
});

const TableName = 'tracking';
const create = (more: Partial<CreateTableCommandInput> = {}) =>
  client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'invocation', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['owner', 'invocation', 'started', 'open'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      LocalSecondaryIndexes: [
        {
          IndexName: 'byTime',
          KeySchema: [
            { AttributeName: 'owner', KeyType: 'HASH' },
            { AttributeName: 'started', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'open',
          KeySchema: [
            { AttributeName: 'open', KeyType: 'HASH' },
            { AttributeName: 'started', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      ...more,
    }),
  );
const key = { owner: { S: 'o' }, invocation: { S: 'i' } };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('DynamoDB', () => {
  it('is active at once, under the account of the stage', async () => {
    // Act
    await create();
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));

    // Assess
    const arn = `arn:aws:dynamodb:${account.region}:${account.accountId}:table/tracking`;
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: arn,
      GlobalSecondaryIndexes: [{ IndexArn: `${arn}/index/open` }],
    });
  });

  it.each(['PutItem', 'UpdateItem'])('shows the item that a conditional %s met, when asked to', async (operation) => {
    // Prepare
    await create();
    await client.send(new PutItemCommand({ TableName, Item: { ...key, status: { S: 'starting' } } }));
    const condition = {
      TableName,
      ConditionExpression: 'attribute_not_exists(#o)',
      ExpressionAttributeNames: { '#o': 'owner' },
    };
    const write = (more: { ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' }) =>
      operation === 'PutItem'
        ? client.send(new PutItemCommand({ ...condition, Item: key, ...more }))
        : client.send(new UpdateItemCommand({ ...condition, Key: key, UpdateExpression: 'REMOVE x', ...more }));

    // Act
    const [asked, notAsked] = [
      await refusal(write({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
      await refusal(write({})),
    ];

    // Assess
    expect(asked).toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { ...key, status: { S: 'starting' } },
    });
    expect(notAsked).toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(notAsked).not.toHaveProperty('Item.owner');
  });

  it('lets one of many conditional puts win, and shows its item to all others', async () => {
    // Prepare
    await create();
    const puts = Array.from({ length: 20 }, (_, n) =>
      refusal(
        client.send(
          new PutItemCommand({
            TableName,
            Item: { ...key, n: { N: String(n) } },
            ConditionExpression: 'attribute_not_exists(invocation)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      ),
    );

    // Act
    const losers = (await Promise.all(puts)).filter((error) => error !== undefined) as { Item: { n: { N: string } } }[];
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }));

    // Assess
    expect(losers).toHaveLength(19);
    expect(new Set(losers.map((loser) => loser.Item.n.N))).toEqual(new Set([Item?.n?.N]));
  });

  it('queries the local index consistently and the sparse global one', async () => {
    // Prepare
    await create();
    for (const [n, open] of [
      ['1', true],
      ['2', false],
      ['3', true],
    ] as const)
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            owner: { S: 'o' },
            invocation: { S: `i${n}` },
            started: { S: `t${n}` },
            ...(open ? { open: { S: 'y' } } : {}),
          },
        }),
      );
    const values = { ExpressionAttributeValues: { ':v': { S: 'o' } } };

    // Act
    const latest = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byTime',
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
        KeyConditionExpression: '#o = :v',
        ExpressionAttributeNames: { '#o': 'owner' },
        ...values,
      }),
    );
    const open = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'open',
        KeyConditionExpression: '#o = :v and started < :t',
        ExpressionAttributeNames: { '#o': 'open' },
        ExpressionAttributeValues: { ':v': { S: 'y' }, ':t': { S: 't3' } },
      }),
    );

    // Assess
    expect(latest.Items?.map((item) => item.invocation?.S)).toEqual(['i3']);
    expect(open.Items).toEqual([
      { owner: { S: 'o' }, invocation: { S: 'i1' }, started: { S: 't1' }, open: { S: 'y' } },
    ]);
  });

  it('remembers time to live, backups and deletion protection', async () => {
    // Prepare
    await create({ DeletionProtectionEnabled: true });
    const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };

    // Act
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    const again = await refusal(client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })));
    const backups = await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const protectedTable = await refusal(client.send(new DeleteTableCommand({ TableName })));
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));

    // Assess
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    expect(again).toMatchObject({ name: 'ValidationException', message: 'TimeToLive is already enabled' });
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
    expect(protectedTable).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('protected against deletion'),
    });
    expect(await refusal(client.send(new DescribeTableCommand({ TableName })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each([
    ['kms:Decrypt on the key', [{ Action: 'dynamodb:*', Resource: '*' }], 'kms:Decrypt'],
    ['the operation on the table', [{ Action: 'kms:*', Resource: '*' }], 'dynamodb:GetItem'],
    [
      'kms:Decrypt through DynamoDB of this region',
      [
        { Action: 'dynamodb:*', Resource: '*' },
        {
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } },
        },
      ],
      'kms:Decrypt',
    ],
  ])('refuses who lacks %s of an encrypted table', async (_what, statements, action) => {
    // Prepare
    const { arn } = keys.create();
    await create({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: arn } });
    const role = addRole(stage, 'reader', ...statements.map((one) => ({ Effect: 'Allow', ...one })));
    const reader = new DynamoDBClient(stage.client(sessionOf(stage, role)));

    // Act
    const error = await refusal(reader.send(new GetItemCommand({ TableName, Key: key })));
    reader.destroy();

    // Assess
    expect(error).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: ${action} on`),
    });
  });

  it('shows the key of an encrypted table, and refuses one that does not exist', async () => {
    // Prepare
    const { arn, keyId } = keys.create();

    // Act
    const { TableDescription } = await create({
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: keyId },
    });
    const error = await refusal(
      create({ TableName: 'other', SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'nokey' } }),
    );

    // Assess
    expect(TableDescription?.SSEDescription).toEqual({ Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: arn });
    expect(error).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('nokey does not exist'),
    });
  });

  it('refuses by name what it does not do', async () => {
    // Act
    const [stream, transaction] = [
      await refusal(create({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } })),
      await refusal(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))),
    ];

    // Assess
    expect(stream).toMatchObject({
      name: 'NotImplemented',
      message: 'The CreateTable parameter StreamSpecification is not supported.',
    });
    expect(transaction).toMatchObject({ name: 'UnknownOperationException' });
  });
});
