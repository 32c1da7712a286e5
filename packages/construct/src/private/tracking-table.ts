import type { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { TABLE } from './contract.generated';

export interface TrackingTableProps {
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Remembers every statement until its task is answered, and for a while after. */
export const createTrackingTable = (scope: Construct, props: TrackingTableProps): dynamodb.Table => {
  const table = new dynamodb.Table(scope, 'TrackingTable', {
    partitionKey: { name: TABLE.partitionKey, type: dynamodb.AttributeType.STRING },
    sortKey: { name: TABLE.sortKey, type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: TABLE.timeToLive,
    ...encryptionOf(props.encryptionKey),
    removalPolicy: props.removalPolicy,
  });
  addIndexes(table);
  acknowledge(table, {
    'AwsSolutions-DDB3':
      'Rows are state in flight: they expire, and a restored table would hold task tokens that are no longer valid. Point-in-time recovery would keep those tokens for 35 days.',
  });
  return table;
};

const encryptionOf = (encryptionKey: kms.IKey | undefined) =>
  encryptionKey
    ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey }
    : { encryption: dynamodb.TableEncryption.DEFAULT };

const addIndexes = (table: dynamodb.Table): void => {
  const sortKey = { name: TABLE.startedAt, type: dynamodb.AttributeType.NUMBER };
  // Local, hence consistent: LATEST must find a statement that started a moment ago.
  table.addLocalSecondaryIndex({
    indexName: TABLE.startedAtIndex,
    sortKey,
    projectionType: dynamodb.ProjectionType.ALL,
  });
  table.addGlobalSecondaryIndex({
    indexName: TABLE.openIndex,
    partitionKey: { name: TABLE.open, type: dynamodb.AttributeType.STRING },
    sortKey,
    projectionType: dynamodb.ProjectionType.KEYS_ONLY,
  });
};
