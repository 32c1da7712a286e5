import { ListStatementsCommand, type RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { StartedStatements } from './started-statements.ts';

/** The most that a page holds. */
const PAGE_SIZE = 100;

export const listedStatements = (client: RedshiftDataClient): StartedStatements => ({
  find: async (StatementName) => {
    let NextToken: string | undefined;
    do {
      const command = new ListStatementsCommand({ StatementName, Status: 'ALL', MaxResults: PAGE_SIZE, NextToken });
      const { Statements = [], NextToken: next } = await client.send(command);
      // The Data API takes the name for the beginning of one.
      const found = Statements.find((statement) => statement.StatementName === StatementName);
      if (found?.Id) return found.Id;
      NextToken = next;
    } while (NextToken);
    return undefined;
  },
});
