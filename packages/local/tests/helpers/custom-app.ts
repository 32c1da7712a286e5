/** A custom resource with the function behind it. It leaves a line in a file for each request, and answers unless it is told to keep silent. */
export const CUSTOM_KEY = 'custom.zip';
export const CUSTOM_CODE = `
import { appendFileSync } from 'node:fs';

export const handler = async ({ ResponseURL, RequestType, StackId, RequestId, LogicalResourceId, ...event }) => {
  const { File, Silent, Size } = event.ResourceProperties;
  appendFileSync(File, RequestType + ' ' + Size + '\\n');
  if (Silent === RequestType) return;
  const PhysicalResourceId = event.PhysicalResourceId ?? 'thing';
  const answer = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId, Data: { Size } };
  const { status } = await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
  if (status !== 200) throw new Error('the answer was refused: ' + status);
};
`;

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export interface CustomProperties {
  /** Gets the lines. */
  readonly File: string;
  readonly Size?: number;
  /** The type of request that is not answered. */
  readonly Silent?: 'Create' | 'Update' | 'Delete';
}

export const customApp = (properties: CustomProperties) => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      },
    },
    Handler: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: CUSTOM_KEY },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: arnOf('Role'),
      },
    },
    Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: arnOf('Handler'), ...properties } },
  },
  Outputs: { Size: { Value: { 'Fn::GetAtt': 'Thing.Size' } } },
});
