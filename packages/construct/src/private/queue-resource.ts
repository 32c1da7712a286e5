import * as sqs from 'aws-cdk-lib/aws-sqs';
import { resourceOf } from './resource-of';

/** The resource of a queue of this app; undefined for an imported one, of which next to nothing is known. */
export const queueResource = (queue: sqs.IQueue): sqs.CfnQueue | undefined =>
  resourceOf<sqs.CfnQueue>(queue, sqs.CfnQueue.CFN_RESOURCE_TYPE_NAME);
