import { type ResourceCallback, resourceKeyOf, type TrackingItem } from '@sfn-redshift/shared';
import { CANARIES, ITEM } from './fixtures.ts';

export const RESPONSE_URL = `https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/k?${CANARIES.responseUrl.slice(-19)}`;

export const RESOURCE: ResourceCallback = {
  type: 'cloudFormation',
  requestType: 'Create',
  responseUrl: RESPONSE_URL,
  stackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/5e6f',
  requestId: 'r-1',
  logicalResourceId: 'Schema',
  physicalResourceId: 'sfn-redshift:Schema:0123456789abcdef',
  failedResourceId: 'sfn-redshift:Schema:not-created',
};

/** What every answer repeats of its request. */
export const ECHO = {
  StackId: RESOURCE.stackId,
  RequestId: RESOURCE.requestId,
  LogicalResourceId: RESOURCE.logicalResourceId,
};

/** As the invoker claims it. */
export const CLAIM_OF_RESOURCE: TrackingItem = (() => {
  const { statementId: _statementId, ...item } = ITEM;
  return { ...item, ...resourceKeyOf(RESOURCE), status: 'starting', callback: RESOURCE };
})();

const EVENT = {
  RequestType: 'Create',
  ResponseURL: RESPONSE_URL,
  StackId: RESOURCE.stackId,
  RequestId: RESOURCE.requestId,
  LogicalResourceId: RESOURCE.logicalResourceId,
  ResourceProperties: { sqlStatement: CANARIES.shortSql },
};

/** As Lambda tells it to the destination. */
export const givenUp = (requestPayload: unknown = EVENT, more: object = {}) => ({
  version: '1.0',
  timestamp: '2026-11-26T08:00:00Z',
  requestContext: { requestId: 'l-1', functionArn: 'f', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'ThrottlingException', errorMessage: 'Rate exceeded' },
  ...more,
});
