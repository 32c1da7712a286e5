import { DatabaseError } from 'pg';
import { RedshiftError } from '../errors.ts';

/** Redshift's words for what PostgreSQL says otherwise. */
const MESSAGES: Readonly<Record<string, string>> = {
  'MERGE command cannot affect row a second time': 'Found multiple matches to update the same tuple',
};

/**
 * The error as the Data API tells it, which is as the JDBC driver writes it: further parts on lines of their own. Hints are
 * left out: they are younger than the PostgreSQL that Redshift comes from.
 *
 * @param originalPosition translates the place in the SQL that PostgreSQL has seen to the user's own
 */
export const errorText = (error: unknown, originalPosition: (position: number) => number = (at) => at): string => {
  if (error instanceof RedshiftError) return error.message;
  if (!(error instanceof DatabaseError)) return `ERROR: ${error instanceof Error ? error.message : String(error)}`;
  const { severity = 'ERROR', message, detail, position } = error;
  return [
    `${severity}: ${MESSAGES[message] ?? message}`,
    detail && `Detail: ${detail}`,
    position && `Position: ${originalPosition(Number(position))}`,
  ]
    .filter((part) => part)
    .join('\n  ');
};
