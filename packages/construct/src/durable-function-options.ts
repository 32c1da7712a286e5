import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Of a Lambda durable function that waits for statements. */
export interface DurableFunctionOptions {
  /**
   * The customer-managed key that the function's durable state is encrypted with (`KMSKeyArn` of its `DurableConfig`). Who answers
   * its callbacks must be able to decrypt; a key policy that does not leave this to IAM must allow it as well.
   *
   * @default - the state is encrypted with a key of Lambda's
   */
  readonly durableKey?: IKey;
}
