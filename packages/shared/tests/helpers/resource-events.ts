export const RESPONSE_URL =
  'https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/arn%3Aaws%3Astack%7CSchema%7Cr-1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261126T080000Z&X-Amz-Signature=canary-signature';

export const SERVICE_TOKEN = 'arn:aws:lambda:eu-central-1:123456789012:function:Invoker';

export const PROPERTIES = {
  ServiceToken: SERVICE_TOKEN,
  sqlStatement: 'create table t (id int)',
  onDelete: { sqlStatement: 'drop table t' },
};

/** An event of CloudFormation's, as it comes. */
export const resourceEvent = (
  RequestType: 'Create' | 'Update' | 'Delete',
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  RequestType,
  ResponseURL: RESPONSE_URL,
  ServiceToken: SERVICE_TOKEN,
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/5e6f',
  RequestId: 'r-1',
  LogicalResourceId: 'Schema',
  ResourceType: 'Custom::Sql',
  ...(RequestType !== 'Create' && { PhysicalResourceId: 'shop-Schema-1ABC' }),
  ...(RequestType === 'Update' && { OldResourceProperties: PROPERTIES }),
  ResourceProperties: PROPERTIES,
  ...changes,
});
