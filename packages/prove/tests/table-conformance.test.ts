import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { encodeTrackingItem, names, type TrackingItem } from '@sfn-redshift/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTrackingTable, type TestedTable } from '../../../scripts/lib/tracking-table.mjs';
import { TrackingTable } from '../src/account/table.ts';
import { VirtualTime } from '../src/virtual-time.ts';

const TableName = 'tracking';
const { TABLE } = names;

type Operation = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';
type Call = readonly [Operation, Record<string, unknown>];

/** As the stage has it, behind the SDK's own client. */
let real: TestedTable;
beforeAll(async () => {
  real = await startTrackingTable(TableName);
});
afterAll(async () => real.close());

const commands = {
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  Query: QueryCommand,
};

/** What an answer says that handlers go by. */
const essence = ({ Item, Items, Attributes, LastEvaluatedKey }: Record<string, unknown>) => ({
  ...(Item !== undefined && { Item }),
  ...(Items !== undefined && { Items }),
  ...(Attributes !== undefined && { Attributes }),
  ...(LastEvaluatedKey !== undefined && { LastEvaluatedKey }),
});

const outcomeOf = async (answer: () => object | Promise<object>) => {
  try {
    return essence((await answer()) as Record<string, unknown>);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { refused: error.name };
  }
};

const inModel = () => {
  const listeners = { onWrite: () => undefined, onExpire: () => undefined };
  const { operations } = new TrackingTable(new VirtualTime(), { ttlLagHours: 0, indexLagMs: 0 }, listeners);
  return ([operation, input]: Call) => outcomeOf(() => operations[operation](input as never));
};

const inReal = ([operation, input]: Call) => {
  const Command = commands[operation] as unknown as new (input: object) => GetItemCommand;
  return outcomeOf(() => real.client.send(new Command({ TableName, ...input })));
};

const key = (owner: string, invocationKey = 'a') =>
  marshall({ [TABLE.partitionKey]: owner, [TABLE.sortKey]: invocationKey });

const itemOf = (owner: string, changes: Partial<TrackingItem> = {}) => {
  const item: TrackingItem = {
    owner,
    invocationKey: 'a',
    contractVersion: 1,
    status: 'starting',
    generation: 1,
    callback: { type: 'none' },
    statementName: 'name',
    targetId: 'default',
    ownerRoleArn: 'role',
    workHash: 'hash',
    shortSql: 'select 1',
    startedAt: 1_000,
    startDeadline: 31_000,
    expiresAt: 4_000_000_000,
    ...changes,
  };
  return marshall(encodeTrackingItem(item), { removeUndefinedValues: true });
};

const named = (...attributes: string[]) => Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
const valued = (values: Record<string, unknown>) =>
  marshall(Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])));

const FREE = { ConditionExpression: 'attribute_not_exists(#owner)', ExpressionAttributeNames: named('owner') };

const close = (owner: string, generation: number): Call => [
  'UpdateItem',
  {
    Key: key(owner),
    UpdateExpression: 'SET #status = :closed REMOVE #open',
    ConditionExpression: '#generation = :generation AND #status <> :closed',
    ExpressionAttributeNames: named('status', 'open', 'generation'),
    ExpressionAttributeValues: valued({ closed: 'closed', generation }),
    ReturnValues: 'ALL_NEW',
  },
];

const read = (owner: string, invocationKey?: string): Call => [
  'GetItem',
  { Key: key(owner, invocationKey), ConsistentRead: true },
];
const put = (item: object, condition: object = {}): Call => ['PutItem', { Item: item, ...condition }];

const listOwner = (owner: string, input: object = {}): Call => [
  'Query',
  {
    IndexName: TABLE.startedAtIndex,
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: named('owner'),
    ExpressionAttributeValues: valued({ owner }),
    ScanIndexForward: false,
    ...input,
  },
];

const listOpen = (from: number, to: number, input: object = {}): Call => [
  'Query',
  {
    IndexName: TABLE.openIndex,
    KeyConditionExpression: '#open = :open AND #startedAt BETWEEN :from AND :to',
    ExpressionAttributeNames: named('open', 'startedAt'),
    ExpressionAttributeValues: valued({ open: TABLE.openValue, from, to }),
    ...input,
  },
];

const three = (owner: string, from: number): Call[] =>
  [2, 0, 1].map((n) =>
    put(itemOf(owner, { invocationKey: `k${n}`, startedAt: from + n, status: n === 1 ? 'closed' : 'starting' })),
  );

/** What the handlers ask of DynamoDB; each case has rows of its own. */
const CASES: readonly (readonly [string, readonly Call[]])[] = [
  ['a row that is not there', [read('none')]],
  [
    'a put where the key is free, and where it is taken',
    [put(itemOf('p1'), FREE), put(itemOf('p1', { generation: 2 }), FREE), read('p1')],
  ],
  ['a put without a condition', [put(itemOf('p2')), put(itemOf('p2', { generation: 2 })), read('p2')]],
  ['a conditional update, once and twice', [put(itemOf('u1')), close('u1', 1), close('u1', 1), read('u1')]],
  ['an update of another generation', [put(itemOf('u2')), close('u2', 2), read('u2')]],
  ['a conditional update of what is not there', [close('u3', 1), read('u3')]],
  [
    'an update of what is not there, without a condition',
    [
      [
        'UpdateItem',
        {
          Key: key('u4'),
          UpdateExpression: 'SET #status = :status',
          ExpressionAttributeNames: named('status'),
          ExpressionAttributeValues: valued({ status: 'x' }),
        },
      ],
      read('u4'),
    ],
  ],
  [
    'a comparison with an attribute that is not there',
    [
      put(itemOf('u5')),
      [
        'UpdateItem',
        {
          Key: key('u5'),
          UpdateExpression: 'SET #generation = :next',
          ConditionExpression: 'attribute_not_exists(#outcome) AND (#delivered = :no OR #delivered <> :no)',
          ExpressionAttributeNames: named('generation', 'outcome', 'delivered'),
          ExpressionAttributeValues: valued({ next: 2, no: false }),
        },
      ],
      read('u5'),
    ],
  ],
  ['a delete', [put(itemOf('d1')), ['DeleteItem', { Key: key('d1') }], read('d1')]],
  ['the newest of an owner', [...three('q1', 5_000), listOwner('q1'), listOwner('q1', { Limit: 1 })]],
  [
    'a filter, and the page that it empties',
    [
      ...three('q2', 6_000),
      listOwner('q2', {
        FilterExpression: 'attribute_exists(#open)',
        ExpressionAttributeNames: named('owner', 'open'),
        Limit: 2,
      }),
    ],
  ],
  [
    'the open ones of a range, page by page',
    [...three('q3', 7_000), listOpen(7_000, 7_002), listOpen(7_000, 7_002, { Limit: 1 }), listOpen(7_001, 7_001)],
  ],
  [
    'what has closed leaves the open ones',
    [put(itemOf('q4', { startedAt: 8_000 })), listOpen(8_000, 8_000), close('q4', 1), listOpen(8_000, 8_000)],
  ],
];

describe('the model of DynamoDB', () => {
  it.each(CASES)('does with %s what the stage does', async (_what, calls) => {
    const model = inModel();
    for (const call of calls) expect(await model(call)).toEqual(await inReal(call));
  });
});
