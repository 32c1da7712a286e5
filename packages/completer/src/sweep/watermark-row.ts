import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { names } from '@sfn-redshift/shared';
import { conditionHeld } from '../conditional-write.ts';
import type { Watermark } from './watermark.ts';

/** Where the watermark is kept. */
export interface WatermarkRow {
  /** Reads consistently; undefined where there is none. */
  read(): Promise<Watermark | undefined>;
  /** Moves it forward; tells whether it did. Where another run has come further, it stays. */
  move(watermark: Watermark): Promise<boolean>;
}

/** No statement's: an invocation key is 32 hexadecimal digits. It has no start time, hence is in no index. */
const KEY = marshall({ [names.TABLE.partitionKey]: 'sweep', [names.TABLE.sortKey]: 'watermark' });

/** Longer than anything it could spare a sweep that begins anew; seconds. */
const KEPT_SECONDS = 2 * 24 * 60 * 60;

/** A pass begins where the last has ended; of one pass, and no other over the same time, the position rises. */
const MOVES_FORWARD = 'attribute_not_exists(#checkedUntil) OR #checkedUntil < :checkedUntil';
const MOVES_WITHIN_PASS = `${MOVES_FORWARD} OR (#checkedUntil = :checkedUntil AND (attribute_not_exists(#passUntil) OR (#passUntil = :passUntil AND #position < :position)))`;

export const watermarkRow = (client: DynamoDBClient, TableName: string): WatermarkRow => ({
  read: async () => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }));
    return Item && watermarkOf(unmarshall(Item) as Row);
  },
  move: (watermark) =>
    conditionHeld(() => client.send(new UpdateItemCommand({ TableName, Key: KEY, ...updateOf(watermark) }))),
});

interface Row {
  readonly checkedUntil: number;
  readonly passUntil?: number;
  readonly position?: number;
}

const watermarkOf = ({ checkedUntil, passUntil, position }: Row): Watermark => ({
  checkedUntil,
  ...(passUntil !== undefined && position !== undefined && { pass: { until: passUntil, position } }),
});

const updateOf = ({ checkedUntil, pass }: Watermark) => {
  const { timeToLive } = names.TABLE;
  const until = {
    '#checkedUntil': 'checkedUntil',
    '#expires': timeToLive,
    '#passUntil': 'passUntil',
    '#position': 'position',
  };
  const set = 'SET #checkedUntil = :checkedUntil, #expires = :expires';
  const values = { ':checkedUntil': checkedUntil, ':expires': Math.floor(checkedUntil / 1000) + KEPT_SECONDS };
  return {
    UpdateExpression: pass
      ? `${set}, #passUntil = :passUntil, #position = :position`
      : `${set} REMOVE #passUntil, #position`,
    ConditionExpression: pass ? MOVES_WITHIN_PASS : MOVES_FORWARD,
    ExpressionAttributeNames: until,
    ExpressionAttributeValues: marshall(
      pass ? { ...values, ':passUntil': pass.until, ':position': pass.position } : values,
    ),
  };
};
