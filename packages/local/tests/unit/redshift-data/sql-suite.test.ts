import type { Field } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';
import {
  DATES,
  NULLS,
  NUMBERS,
  QUERIES,
  type SqlCase,
  TABLES,
  TEXTS,
  type Value,
} from '../../helpers/sql-cases-queries.ts';
import { CHANGES, DEFINITIONS, PROCEDURES, SUPER } from '../../helpers/sql-cases-statements.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  for (const sql of TABLES) await succeed(sql);
});
afterAll(() => redshift.close());

const succeed = async (sql: string): Promise<void> => {
  const { Error: error } = await redshift.run(sql);
  if (error) throw new Error(`${sql}\n${error}`);
};

const valueOf = (field: Field): Value => {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
};

const GROUPS: Readonly<Record<string, readonly SqlCase[]>> = {
  'Missing values': NULLS,
  'Dates and times': DATES,
  Texts: TEXTS,
  'Numbers and aggregates': NUMBERS,
  Queries: QUERIES,
  Definitions: DEFINITIONS,
  'Changes of data': CHANGES,
  Procedures: PROCEDURES,
  SUPER,
};

describe.each(Object.entries(GROUPS))('%s', (_, cases) => {
  it.each(cases.map((each) => ({ ...each, statements: [each.sql].flat() })))(
    'give what Redshift documents: $sql',
    async ({ statements, rows, columns }) => {
      for (const sql of statements.slice(0, -1)) await succeed(sql);
      const result = await redshift.query(statements.at(-1) ?? '');
      if (rows) expect(result.Records?.map((record) => record.map(valueOf))).toEqual(rows);
      if (columns) expect(result.ColumnMetadata?.map(({ name }) => name)).toEqual(columns);
    },
  );
});

it('counts as many statements as the stage promises', () => {
  const count = Object.values(GROUPS).flatMap((cases) => cases.flatMap(({ sql }) => sql)).length;
  expect(count).toBeGreaterThanOrEqual(150);
});
