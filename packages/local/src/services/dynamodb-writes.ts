import { AwsError } from '../common/aws-error.ts';
import type { Tables } from './dynamodb-tables.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { Upstream } from './upstream.ts';

type Input = Readonly<Record<string, unknown>>;
type Key = Readonly<Record<string, unknown>>;

const TARGET = 'DynamoDB_20120810';

/**
 * PutItem, UpdateItem and DeleteItem. dynalite ignores `ReturnValuesOnConditionCheckFailure`: the item that failed the
 * condition is read again, while other writes to its key wait, so that it is the very item the condition met.
 */
export class ItemWrites {
  readonly #upstream: Upstream;
  readonly #tables: Tables;
  readonly #lock = new KeyedLock();

  constructor(upstream: Upstream, tables: Tables) {
    this.#upstream = upstream;
    this.#tables = tables;
  }

  async write(operation: string, input: Input): Promise<unknown> {
    const { ReturnValuesOnConditionCheckFailure: onFailure, ...request } = input;
    const key = this.#keyOf(input);
    const send = () => this.#upstream.json(`${TARGET}.${operation}`, request);
    if (!key) return await send();
    return await this.#lock.run(JSON.stringify([input.TableName, key]), async () => {
      try {
        return await send();
      } catch (error) {
        throw onFailure === 'ALL_OLD' && isFailedCondition(error) ? await this.#withItem(error, input, key) : error;
      }
    });
  }

  /** Undefined for an unknown table or an item without its key; dynalite has the right words for both. */
  #keyOf({ TableName, Key, Item }: Input): Key | undefined {
    if (Key) return Key as Key;
    const item = (Item ?? {}) as Key;
    return this.#tables
      .get(String(TableName))
      ?.keyAttributes.reduce<Key>((key, name) => ({ ...key, [name]: item[name] }), {});
  }

  async #withItem(error: AwsError, { TableName }: Input, Key: Key): Promise<AwsError> {
    const { Item } = await this.#upstream.json(`${TARGET}.GetItem`, { TableName, Key, ConsistentRead: true });
    return new AwsError(error.code, error.message, {
      status: error.status,
      members: Item === undefined ? {} : { Item },
    });
  }
}

const isFailedCondition = (error: unknown): error is AwsError =>
  error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
