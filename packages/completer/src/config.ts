import { checkPrefix, type Environment, environmentVariable, type names } from '@sfn-redshift/shared';

/** What the construct tells the drain through its environment. */
export interface DrainConfig {
  readonly tableName: string;
  /** Statements whose name begins with it are ours. */
  readonly statementNamePrefix: string;
  /** The queue that the drain reads; what must wait is put back into it. */
  readonly completionQueueUrl: string;
}

/** @throws Error naming the variable that is missing or wrong; the function then fails to start, and says why. */
export const readConfig = (environment: Environment): DrainConfig => {
  const read = (name: keyof typeof names.ENVIRONMENT) => environmentVariable(environment, name);
  return {
    tableName: read('tableName'),
    statementNamePrefix: checkPrefix(read('statementNamePrefix')),
    completionQueueUrl: read('completionQueueUrl'),
  };
};
