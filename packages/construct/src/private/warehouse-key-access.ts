import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type TargetPlace, viaService } from './target-place';

/**
 * The Data API keeps statements and results under the warehouse's own key: Redshift makes itself a grant for that, in the
 * caller's name. It is not said by which of its names it comes: redshift, redshift-data or redshift-serverless.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export const useWarehouseKey = (place: TargetPlace, { keyArn }: IKey): PolicyStatement[] => {
  const StringLike = viaService(place, 'redshift*');
  return [
    new PolicyStatement({
      sid: 'LookAtWarehouseKey',
      actions: ['kms:DescribeKey'],
      resources: [keyArn],
      conditions: { StringLike },
    }),
    new PolicyStatement({
      sid: 'LetRedshiftUseWarehouseKey',
      actions: ['kms:CreateGrant'],
      resources: [keyArn],
      conditions: { StringLike, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
};
