import { ArnFormat, type Stack } from 'aws-cdk-lib';

/** Where a target is: in the region of the stack, and in the account of the role that owns statements. */
export interface TargetPlace {
  readonly stack: Stack;
  readonly account: string;
}

/** `arn:…:redshift:REGION:ACCOUNT:RESOURCE:NAME` */
export const redshiftArn = ({ stack, account }: TargetPlace, resource: string, resourceName: string): string =>
  stack.formatArn({
    service: 'redshift',
    account,
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** A service as KMS names it where that works in its caller's name. The last asterisk is for China, where names end in .cn. */
export const viaService = ({ stack }: TargetPlace, service: string): Record<string, string> => ({
  'kms:ViaService': `${service}.${stack.region}.amazonaws.com*`,
});
