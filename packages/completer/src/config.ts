import { checkPrefix, type Environment, environmentVariable, names } from '@sfn-redshift/shared';

/** What the construct tells the drain through its environment. */
export interface DrainConfig {
  readonly tableName: string;
  /** Statements whose name begins with it are ours. */
  readonly statementNamePrefix: string;
  /** The queue that the drain reads; what must wait is put back into it. */
  readonly completionQueueUrl: string;
  /** Most sandboxes of the drain that work at once. */
  readonly maxConcurrency: number;
}

/** @throws Error naming the variable that is missing or wrong; the function then fails to start, and says why. */
export const readConfig = (environment: Environment): DrainConfig => {
  const read = (name: keyof typeof names.ENVIRONMENT) => environmentVariable(environment, name);
  return {
    tableName: read('tableName'),
    statementNamePrefix: checkPrefix(read('statementNamePrefix')),
    completionQueueUrl: read('completionQueueUrl'),
    maxConcurrency: wholeNumber(names.ENVIRONMENT.maxConcurrency, read('maxConcurrency')),
  };
};

const wholeNumber = (variable: string, value: string): number => {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`environment variable ${variable} must be a whole number, at least 1; it is "${value}"`);
};
