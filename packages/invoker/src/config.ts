import { checkPrefix, type Environment, environmentVariable, names } from '@sfn-redshift/shared';
import { readTarget, type Target } from './target.ts';

/** What the construct tells the invoker through its environment. */
export interface InvokerConfig {
  readonly tableName: string;
  readonly statementNamePrefix: string;
  /** How long a row is kept, counted from its first write. */
  readonly retentionDays: number;
  /** Which of the tasker's targets this invoker serves; its rows say so. */
  readonly targetId: string;
  /** The role that owns the statements: only it may read them. */
  readonly ownerRoleArn: string;
  /** Whether that role is another than the invoker's own, and is assumed to call the Data API. */
  readonly assumesOwnerRole?: boolean;
  readonly target: Target;
  /** The customer's key of the warehouse; absent where it has none. */
  readonly warehouseKeyArn?: string;
  /** The queue that the drain reads. */
  readonly completionQueueUrl: string;
  /** Whether statements are sent without the comment that tells whose they are. */
  readonly withoutSqlComment?: boolean;
  /** Time between two runs of the sweep; absent where it is switched off. */
  readonly sweepIntervalSeconds?: number;
}

/** @throws Error naming the variable that is missing or wrong; the function then fails to start, and says why. */
export const readConfig = (environment: Environment): InvokerConfig => {
  const read = (name: keyof typeof names.ENVIRONMENT) => environmentVariable(environment, name);
  return {
    tableName: read('tableName'),
    statementNamePrefix: checkPrefix(read('statementNamePrefix')),
    retentionDays: wholeDays(names.ENVIRONMENT.retentionDays, read('retentionDays')),
    targetId: read('targetId'),
    ownerRoleArn: read('ownerRoleArn'),
    ...ownerOf(environment),
    target: readTarget(environment),
    completionQueueUrl: read('completionQueueUrl'),
    ...(environment[names.ENVIRONMENT.sqlComment] === 'false' && { withoutSqlComment: true }),
    ...sweepOf(environment[names.ENVIRONMENT.sweepInterval]),
  };
};

const ownerOf = (environment: Environment): Pick<InvokerConfig, 'assumesOwnerRole' | 'warehouseKeyArn'> => {
  const warehouseKeyArn = environment[names.ENVIRONMENT.warehouseKeyArn];
  return {
    ...(environment[names.ENVIRONMENT.assumesOwnerRole] === 'true' && { assumesOwnerRole: true }),
    ...(warehouseKeyArn && { warehouseKeyArn }),
  };
};

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** As a schedule's rate says it. */
const sweepOf = (interval: string | undefined): Pick<InvokerConfig, 'sweepIntervalSeconds'> => {
  if (!interval) return {};
  const [, amount, unit = ''] = /^([1-9]\d*) (\w+?)s?$/.exec(interval) ?? [];
  const sweepIntervalSeconds = Number(amount) * (SECONDS[unit] ?? Number.NaN);
  if (!Number.isNaN(sweepIntervalSeconds)) return { sweepIntervalSeconds };
  throw new Error(
    `environment variable ${names.ENVIRONMENT.sweepInterval} must be a number of minutes, hours or days; it is "${interval}"`,
  );
};

const wholeDays = (variable: string, value: string): number => {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 1) return days;
  throw new Error(`environment variable ${variable} must be a whole number of days, at least 1; it is "${value}"`);
};
