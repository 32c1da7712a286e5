import { checkPrefix, names } from '@sfn-redshift/shared';

/** What the construct tells the drain through its environment. */
export interface DrainConfig {
  readonly tableName: string;
  /** Statements whose name begins with it are ours. */
  readonly statementNamePrefix: string;
  /** The queue that the drain reads; what must wait is put back into it. */
  readonly completionQueueUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that is missing or wrong; the function then fails to start, and says why. */
export const readConfig = (environment: Environment): DrainConfig => {
  const read = (variable: keyof typeof names.ENVIRONMENT) => required(environment, names.ENVIRONMENT[variable]);
  return {
    tableName: read('tableName'),
    statementNamePrefix: checkPrefix(read('statementNamePrefix')),
    completionQueueUrl: read('completionQueueUrl'),
  };
};

const required = (environment: Environment, variable: string): string => {
  const value = environment[variable];
  if (!value) throw new Error(`environment variable ${variable} is missing; the construct sets it`);
  return value;
};
