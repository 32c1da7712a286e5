import { type AttributeValue, paginateScan, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { eventually } from './execution.ts';
import type { TestStage } from './test-stage.ts';

type Item = Record<string, AttributeValue>;

/** Every row of the tracking table that is a statement's: the sweep and the locks have rows of their own. */
export const itemsOf = async ({ dynamodb, outputs }: TestStage): Promise<Item[]> => {
  const items: Item[] = [];
  const scan = { TableName: outputs.TableName, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, scan)) items.push(...Items);
  return items.filter(({ invocationKey }) => /^[0-9a-f]{32}$/.test(invocationKey?.S ?? ''));
};

/** The first row of an execution, if there is one yet. */
export const itemOf = async (test: TestStage, executionArn: string | undefined): Promise<Item | undefined> =>
  (await itemsOf(test)).find(({ owner }) => owner?.S === executionArn);

/** Waits until no statement is open. */
export const allClosed = (test: TestStage): Promise<true> =>
  eventually(async () => (await itemsOf(test)).every(({ status }) => status?.S === 'closed') || undefined);

/** Waits until no statement that has an id is open; starts that were cut short, which hours may pass over, are not waited for. */
export const allStartedClosed = (test: TestStage): Promise<true> =>
  eventually(async () => (await itemsOf(test)).every(isClosedOrCutShort) || undefined);

const isClosedOrCutShort = ({ status, statementId }: Item): boolean => status?.S === 'closed' || !statementId;

/** Waits until the execution's statement is noted. */
export const noted = (test: TestStage, executionArn: string): Promise<Item> =>
  eventually(async () => {
    const item = await itemOf(test, executionArn);
    return item?.statementId ? item : undefined;
  });

/** Waits until the execution's row is closed. */
export const closed = (test: TestStage, executionArn: string): Promise<Item> =>
  eventually(async () => {
    const item = await itemOf(test, executionArn);
    return item?.status?.S === 'closed' ? item : undefined;
  });

type Changes = Readonly<Record<string, string | number | AttributeValue | undefined>>;

/** Changes a row as another party, or one that has died, would have left it; `undefined` removes the attribute. */
export const change = async (test: TestStage, item: Item, changes: Changes): Promise<void> => {
  const { owner, invocationKey } = item;
  await test.dynamodb.send(
    new UpdateItemCommand({
      TableName: test.outputs.TableName,
      Key: { owner: owner as AttributeValue, invocationKey: invocationKey as AttributeValue },
      AttributeUpdates: Object.fromEntries(
        Object.entries(changes).map(([name, value]) => [
          name,
          value === undefined ? { Action: 'DELETE' } : { Action: 'PUT', Value: attributeOf(value) },
        ]),
      ),
    }),
  );
};

const attributeOf = (value: string | number | AttributeValue): AttributeValue => {
  if (typeof value === 'number') return { N: String(value) };
  return typeof value === 'string' ? { S: value } : value;
};

/** What an invoker leaves that dies before it has noted its statement. */
export const UNNOTED = { status: 'starting', open: 'open', statementId: undefined } as const;
