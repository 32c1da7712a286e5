import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';

/** The statements of the owner's role, by their names: the Data API lists a role no others. */
export interface StartedStatements {
  /** The id of the statement of exactly this name; undefined where none was started. What it throws is what the SDK throws. */
  find(statementName: string): Promise<string | undefined>;
}

/** Loaded when first needed: only who takes over from an invocation that died must look for what it has started. */
export const liveStartedStatements = (client: RedshiftDataClient): StartedStatements => ({
  find: async (statementName) =>
    await (await import('./listed-statements.ts')).listedStatements(client).find(statementName),
});
