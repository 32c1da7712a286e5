import { GetStatementResultCommand } from '@aws-sdk/client-redshift-data';
import { keepWholeNumbers } from '@sfn-redshift/shared/exact-results';
import { clientAs, type OwnerClients } from './act-as-owner.ts';
import type { ReadPage } from './owner-results.ts';
import type { OwnerSession, StatementOwner } from './owner-statements.ts';

/** Reads results as the role. */
export const readAsOwner = (owner: StatementOwner, session: OwnerSession, clients: OwnerClients): ReadPage => {
  const client = keepWholeNumbers(clientAs(owner, session, clients));
  return async (Id, NextToken) => {
    const page = await client.send(new GetStatementResultCommand({ Id, NextToken }));
    const rows = page.Records ?? [];
    return {
      columns: (page.ColumnMetadata ?? []).map(({ label, name, typeName = '' }) => ({
        name: label || name || '',
        type: typeName,
      })),
      rows,
      totalRows: page.TotalNumRows ?? rows.length,
      nextToken: page.NextToken || undefined,
    };
  };
};
