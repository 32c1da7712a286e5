import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DeleteItemCommandInput,
  type GetItemCommandInput,
  type PutItemCommandInput,
  type QueryCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { decodeTrackingItem, names, type TrackingItem } from '@sfn-redshift/shared';
import type { Schedule } from '../schedule.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { type Attributes, conditionOf, type Placeholders, updated } from './expressions.ts';

const { partitionKey, sortKey, startedAt, timeToLive, openIndex, open } = names.TABLE;

const KEY_NAMES: readonly string[] = [partitionKey, sortKey, startedAt, open];

/** Who hears of items. */
export interface ItemListeners {
  /** Of every write, when it is done, and of what stood there before it. */
  onWrite(item: TrackingItem, before: TrackingItem | undefined): void;
  onExpire(item: TrackingItem): void;
}

type Lags = Pick<Schedule, 'ttlLagHours' | 'indexLagMs'>;

/** The tracking table: conditional writes and consistent reads of DynamoDB, and rows that expire late. */
export class TrackingTable {
  readonly #rows = new Map<string, Attributes>();
  readonly #time: VirtualTime;
  readonly #ttlLagMs: number;
  readonly #indexLagMs: number;
  /** The rows of the index of what is open, as it tells of them. */
  readonly #open = new Map<string, Attributes>();
  readonly #listeners: ItemListeners;

  constructor(time: VirtualTime, { ttlLagHours, indexLagMs }: Lags, listeners: ItemListeners) {
    this.#time = time;
    this.#indexLagMs = indexLagMs;
    this.#ttlLagMs = ttlLagHours * 3_600_000;
    this.#listeners = listeners;
  }

  /** How many rows there are, of whatever kind. */
  get size(): number {
    return this.#rows.size;
  }

  /** Whether a statement is open, as the index of open ones tells. */
  get hasOpen(): boolean {
    return [...this.#rows.values()].some((row) => row[open] !== undefined);
  }

  find(key: { readonly owner: string; readonly invocationKey: string }): TrackingItem | undefined {
    const row = this.#rows.get(JSON.stringify([key.owner, key.invocationKey]));
    return row && itemOf(row);
  }

  readonly operations = {
    GetItem: ({ Key }: GetItemCommandInput) => {
      const Item = this.#rows.get(keyText(Key));
      return { ...(Item && { Item: copyOf(Item) }) };
    },
    PutItem: (input: PutItemCommandInput) => {
      this.#check(keyText(input.Item), input);
      this.#write(keyText(input.Item), copyOf(input.Item ?? {}));
      return {};
    },
    UpdateItem: (input: UpdateItemCommandInput) => {
      const key = keyText(input.Key);
      this.#check(key, input);
      const before = this.#rows.get(key) ?? input.Key ?? {};
      const after = updated(copyOf(before), input.UpdateExpression ?? '', input);
      this.#write(key, after);
      return input.ReturnValues === 'ALL_NEW' ? { Attributes: copyOf(after) } : {};
    },
    DeleteItem: (input: DeleteItemCommandInput) => {
      this.#check(keyText(input.Key), input);
      this.#delete(keyText(input.Key));
      return {};
    },
    Query: (input: QueryCommandInput) => this.#query(input),
  };

  #check(key: string, input: Placeholders & { ConditionExpression?: string | undefined }): void {
    const standing = this.#rows.get(key);
    if (conditionOf(input.ConditionExpression, input)(standing ?? {})) return;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(standing && { Item: copyOf(standing) }),
    });
  }

  #write(key: string, row: Attributes): void {
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    this.#indexLater(key, row);
    this.#expireLater(key, row);
    if (isItem(row)) this.#listeners.onWrite(itemOf(row), before && itemOf(before));
  }

  /** DynamoDB deletes a row within two days of its time, whatever its state. */
  #expireLater(key: string, row: Attributes): void {
    const seconds = Number(row[timeToLive]?.N);
    if (Number.isNaN(seconds)) return;
    this.#time.after(seconds * 1000 + this.#ttlLagMs - this.#time.now, () => {
      const standing = this.#rows.get(key);
      if (!standing || Number(standing[timeToLive]?.N) > seconds) return;
      this.#delete(key);
      if (isItem(standing)) this.#listeners.onExpire(itemOf(standing));
    });
  }

  #delete(key: string): void {
    this.#rows.delete(key);
    this.#indexLater(key, undefined);
  }

  /** A global index follows its table, in order, but not at once. */
  #indexLater(key: string, row: Attributes | undefined): void {
    const index = () => {
      if (row?.[open]) this.#open.set(key, keysOf(row));
      else this.#open.delete(key);
    };
    if (this.#indexLagMs === 0) index();
    else this.#time.after(this.#indexLagMs, index);
  }

  #query(input: QueryCommandInput) {
    const range = input.IndexName === undefined ? sortKey : startedAt;
    const rows = [...(input.IndexName === openIndex ? this.#open : this.#rows).values()]
      .filter((row) => input.IndexName === undefined || isItem(row))
      .filter(conditionOf(input.KeyConditionExpression, input))
      .sort((one, other) => compare(one[range], other[range]) || compareText(keyText(one), keyText(other)));
    if (input.ScanIndexForward === false) rows.reverse();
    const from = input.ExclusiveStartKey
      ? rows.findIndex((row) => keyText(row) === keyText(input.ExclusiveStartKey))
      : -1;
    const page = rows.slice(from + 1, from + 1 + (input.Limit ?? rows.length));
    const last = page.at(-1);
    return {
      Items: page.filter(conditionOf(input.FilterExpression, input)).map(copyOf),
      ...(last && rows.at(-1) !== last && { LastEvaluatedKey: keysOf(last, keysIn(input.IndexName)) }),
    };
  }
}

/** The sweep keeps its watermark in a row of its own, which has no start time. */
const isItem = (row: Attributes): boolean => row[startedAt] !== undefined;

const itemOf = (row: Attributes): TrackingItem => decodeTrackingItem(unmarshall(row));

/** Values are never changed, so they are not copied. */
const copyOf = (row: Attributes): Attributes => ({ ...row });

const keysOf = (row: Attributes, names = KEY_NAMES): Attributes =>
  Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));

/** The keys of the table, and those of an index. */
const keysIn = (index: string | undefined): readonly string[] => {
  const keys = [partitionKey, sortKey];
  return index === undefined ? keys : index === openIndex ? KEY_NAMES : [...keys, startedAt];
};

const keyText = (row: Attributes | undefined): string => JSON.stringify([row?.[partitionKey]?.S, row?.[sortKey]?.S]);

const compare = (one: AttributeValue | undefined, other: AttributeValue | undefined): number =>
  one?.N !== undefined ? Number(one.N) - Number(other?.N) : compareText(String(one?.S), String(other?.S));

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
