import { RedshiftError } from '../errors.ts';

/** Redshift would take it, the stage does not. */
export const notOnTheStage = (what: string): RedshiftError =>
  new RedshiftError(`ERROR: ${what} is not supported by the local stage`);

/** Only PostgreSQL would take it. */
export const notInRedshift = (what: string): RedshiftError =>
  new RedshiftError(`ERROR: ${what} is not supported by Amazon Redshift`);
