import { ENVIRONMENT } from './names.ts';

/** A function's environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable where it is missing or empty; the function then fails to start, and says why. */
export const environmentVariable = (environment: Environment, name: keyof typeof ENVIRONMENT): string => {
  const variable = ENVIRONMENT[name];
  const value = environment[variable];
  if (!value) throw new Error(`environment variable ${variable} is missing; the construct sets it`);
  return value;
};
