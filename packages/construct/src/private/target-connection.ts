import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** How an invoker reaches Redshift: what it is told, and what its role may do. */
export interface TargetConnection {
  /** Environment variables by name. */
  readonly environment: Record<string, string>;
  readonly statements: PolicyStatement[];
}
