import { type Duration, Tokenization } from 'aws-cdk-lib';
import { ENVIRONMENT, SERVICES } from './contract.generated';
import type { TargetConnection } from './target-connection';

/** The target of the tasker's own props; rows remember which target a statement ran on. */
export const DEFAULT_TARGET_ID = 'default';

export interface CommonEnvironment {
  readonly tableName: string;
  readonly statementNamePrefix: string;
  readonly metricsNamespace: string;
}

const common = ({ tableName, statementNamePrefix, metricsNamespace }: CommonEnvironment) => ({
  [ENVIRONMENT.tableName]: tableName,
  [ENVIRONMENT.statementNamePrefix]: statementNamePrefix,
  [ENVIRONMENT.metricsNamespace]: metricsNamespace,
});

export interface InvokerEnvironment extends CommonEnvironment {
  readonly recordRetention: Duration;
  /** The invoker's own role. */
  readonly roleArn: string;
  readonly completionQueueUrl: string;
  readonly targetId: string;
  readonly target: TargetConnection;
  /** Whether statements are sent with a comment that tells whose they are. */
  readonly sqlComment: boolean;
  /** Undefined where the sweep is switched off. */
  readonly sweepInterval: Duration | undefined;
}

/** What the invoker reads from its environment. */
export const invokerEnvironment = (props: InvokerEnvironment): Record<string, string> => ({
  ...common(props),
  ...props.target.environment,
  [ENVIRONMENT.serviceName]: invokerService(props.targetId),
  [ENVIRONMENT.retentionDays]: Tokenization.stringifyNumber(props.recordRetention.toDays()),
  [ENVIRONMENT.targetId]: props.targetId,
  ...ownerOf(props),
  [ENVIRONMENT.completionQueueUrl]: props.completionQueueUrl,
  ...(!props.sqlComment && { [ENVIRONMENT.sqlComment]: 'false' }),
  ...(props.sweepInterval && { [ENVIRONMENT.sweepInterval]: inItsUnit(props.sweepInterval) }),
});

/** The invoker of each target counts for itself. */
export const invokerService = (targetId: string): string =>
  targetId === DEFAULT_TARGET_ID ? SERVICES.invoker : `${SERVICES.invoker}-${targetId}`;

const ownerOf = ({ target: { ownerRole }, roleArn }: InvokerEnvironment): Record<string, string> =>
  ownerRole
    ? { [ENVIRONMENT.ownerRoleArn]: ownerRole.roleArn, [ENVIRONMENT.assumesOwnerRole]: 'true' }
    : { [ENVIRONMENT.ownerRoleArn]: roleArn };

/** A token can be converted to no other unit. */
const inItsUnit = (duration: Duration): string =>
  duration.isUnresolved() ? duration.formatTokenToNumber() : `${duration.toMinutes()} minutes`;

export type SweepEnvironment = Pick<CommonEnvironment, 'tableName' | 'metricsNamespace'>;

/** What the sweep reads from its environment: items hold the names of their statements, so it needs no prefix. */
export const sweepEnvironment = ({ tableName, metricsNamespace }: SweepEnvironment): Record<string, string> => ({
  [ENVIRONMENT.tableName]: tableName,
  [ENVIRONMENT.metricsNamespace]: metricsNamespace,
  [ENVIRONMENT.serviceName]: SERVICES.sweep,
});

export interface DrainEnvironment extends CommonEnvironment {
  readonly completionQueueUrl: string;
  readonly maxConcurrency: number;
}

/** What the drain reads from its environment. */
export const drainEnvironment = (props: DrainEnvironment): Record<string, string> => ({
  ...common(props),
  [ENVIRONMENT.serviceName]: SERVICES.drain,
  [ENVIRONMENT.completionQueueUrl]: props.completionQueueUrl,
  [ENVIRONMENT.maxConcurrency]: Tokenization.stringifyNumber(props.maxConcurrency),
});
