import { type Client, DatabaseError, type FieldDef, type QueryArrayResult } from 'pg';
import { RedshiftError } from '../errors.ts';
import { errorText } from '../postgres/error-text.ts';
import type { Cell } from '../results/outcome.ts';
import { checkTypes } from '../results/types.ts';
import type { EditedSql } from '../sql/edit.ts';

/** Held in memory at a time. */
const ROWS_AT_ONCE = 1000;
/** Each attempt resolves one name; a query that needs more is not written by hand. */
const MOST_ATTEMPTS = 100;

/** A query, translated. */
export interface UnloadQuery {
  readonly sql: EditedSql;
  /** What to try next, when PostgreSQL has said this against the text; undefined when that is the last word. */
  after(complaint: {
    readonly code: string | undefined;
    readonly position: number | undefined;
  }): UnloadQuery | undefined;
}

/** What stands before and after a query that is part of another. */
export interface Wrap {
  readonly before: string;
  readonly after: string;
}

export interface QueryPage {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * The result of a query, page by page, in one transaction: that of the session, if it is in one. There is at least one
 * page, though perhaps without rows.
 *
 * @throws RedshiftError when it is no query, or fails
 */
export async function* queryPages(client: Client, query: UnloadQuery, wrap: Wrap): AsyncGenerator<QueryPage> {
  const isOwn = client.getTransactionStatus() !== 'T';
  if (isOwn) await client.query('begin');
  let isDone = false;
  try {
    await openCursor(client, query, wrap);
    yield* pages(client);
    await client.query(isOwn ? 'commit' : 'close unload_rows');
    isDone = true;
  } catch (error) {
    throw error instanceof DatabaseError ? new RedshiftError(errorText(error)) : error;
  } finally {
    if (isOwn && !isDone) await client.query('rollback').catch(() => undefined);
  }
}

const openCursor = async (client: Client, first: UnloadQuery, wrap: Wrap): Promise<void> => {
  await client.query('savepoint before_unload');
  let failure: RedshiftError | undefined;
  let query = first;
  for (let attempts = 1; ; attempts += 1) {
    const { declaration, place } = declarationOf(query, wrap);
    try {
      await client.query(declaration);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const { code, position } = error;
      const { originalPosition } = query.sql;
      // Names that are not there after all are those that the user has written: the first failure tells.
      failure ??= new RedshiftError(errorText(error, (at) => originalPosition(place(at))));
      const next = query.after({ code, position: position === undefined ? undefined : place(Number(position)) });
      if (!next || attempts === MOST_ATTEMPTS) throw failure;
      await client.query('rollback to before_unload');
      query = next;
    }
  }
};

/** @returns also where in the query a place in the declaration lies */
const declarationOf = ({ sql }: UnloadQuery, wrap: Wrap) => {
  const text = sql.text.replace(/;\s*$/, '');
  const before = `declare unload_rows no scroll cursor for ${wrap.before}`;
  // By the extended protocol, which takes no more than one statement.
  const declaration = { text: `${before}${text}${wrap.after}`, queryMode: 'extended' };
  return { declaration, place: (at: number) => Math.min(Math.max(at - before.length, 1), text.length + 1) };
};

async function* pages(client: Client): AsyncGenerator<QueryPage> {
  for (let count = ROWS_AT_ONCE, isFirst = true; count === ROWS_AT_ONCE; isFirst = false) {
    const page: QueryArrayResult<Cell[]> = await client.query({
      text: `fetch forward ${ROWS_AT_ONCE} from unload_rows`,
      rowMode: 'array',
    });
    if (isFirst) checkTypes(page.fields);
    count = page.rows.length;
    yield page;
  }
}
