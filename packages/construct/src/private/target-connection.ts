import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** How an invoker reaches Redshift: what it is told, and what the role that owns its statements may do. */
export interface TargetConnection {
  /** Environment variables by name. */
  readonly environment: Record<string, string>;

  /** What the owner role needs to run statements. */
  readonly statements: PolicyStatement[];

  /** Findings of rule checkers in `statements`, and why they are as they should be. */
  readonly acknowledgements: Record<string, string>;

  /** What could not be done as well as it should be, by the warning's id. */
  readonly warnings: Record<string, string>;

  /** The role that owns statements; undefined where that is the invoker's own. */
  readonly ownerRole?: IRole;
}
