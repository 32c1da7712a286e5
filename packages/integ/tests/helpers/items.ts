import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { eventually } from './execution.ts';
import type { TestStage } from './test-stage.ts';

type Item = Record<string, AttributeValue>;

/** Every row of the tracking table. */
export const itemsOf = async ({ dynamodb, outputs }: TestStage): Promise<Item[]> => {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: outputs.TableName, ConsistentRead: true }));
  return Items;
};

/** The first row of an execution, if there is one yet. */
export const itemOf = async (test: TestStage, executionArn: string | undefined): Promise<Item | undefined> =>
  (await itemsOf(test)).find(({ owner }) => owner?.S === executionArn);

/** Waits until no statement is open. */
export const allClosed = (test: TestStage): Promise<true> =>
  eventually(async () => (await itemsOf(test)).every(({ status }) => status?.S === 'closed') || undefined);
