/** Which key protects what a tasker stores: task tokens, shortened SQL, events and log lines. */
export enum TaskerEncryption {
  /** A customer-managed KMS key: the one supplied, or one made for the tasker. */
  CUSTOMER_MANAGED = 'CUSTOMER_MANAGED',

  /** Keys that AWS owns. They cost nothing, cannot be revoked and leave no trace in CloudTrail. */
  AWS_OWNED = 'AWS_OWNED',
}
