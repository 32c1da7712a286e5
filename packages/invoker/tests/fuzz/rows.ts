import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mutated } from '@sfn-redshift/fuzz';
import { encodeTrackingItem } from '@sfn-redshift/shared';
import fc, { type Arbitrary } from 'fast-check';
import { statementTable } from '../../src/statement-table.ts';
import { testDependencies } from '../helpers/dependencies.ts';
import { claimWith, itemWith, SECRETS } from '../helpers/requests.ts';
import { payload } from './payloads.ts';
import { handled } from './verdicts.ts';

type Attributes = Record<string, AttributeValue>;

/** A row as an invoker of any version could have written it, or nearly so, as DynamoDB gives it. */
const row: Arbitrary<Attributes> = mutated(
  fc
    .constantFrom(
      itemWith(),
      claimWith(),
      itemWith({ status: 'cancelling' }),
      itemWith({ status: 'closed', outcome: 'FINISHED', delivered: false }),
      itemWith({ status: 'closed', adopts: { invocationKey: 'f'.repeat(32), generation: 1 } }),
      itemWith({ callback: { type: 'durableFunction', callbackId: SECRETS.taskToken } }),
    )
    .map(encodeTrackingItem),
  2,
).map(attributesOf);

/** What DynamoDB could not hold is no row. */
function attributesOf(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  try {
    return marshall(value as Record<string, unknown>);
  } catch {
    return {};
  }
}

/** A table in which this row stands in the way of every claim, and no write succeeds or all others do. */
const tableOf = (attributes: Attributes, writes: boolean) => {
  const send = ({ constructor: { name } }: object): Promise<object> => {
    if (name === 'PutItemCommand' || (name === 'UpdateItemCommand' && !writes)) {
      return Promise.reject(new ConditionalCheckFailedException({ message: 'no', $metadata: { httpStatusCode: 400 } }));
    }
    return Promise.resolve(name === 'QueryCommand' ? { Items: [attributes] } : { Item: attributes });
  };
  return statementTable({ send } as unknown as DynamoDBClient, 'tracking');
};

/** Whatever stands in the table: an answer or an error of ours. */
export const rows = fc.asyncProperty(payload, row, fc.boolean(), async (given, attributes, writes) => {
  await handled(given, 30_000, { ...testDependencies(), table: tableOf(attributes, writes) });
});
