import type { FieldDef } from 'pg';

/** Where a result column comes from, if it is a table's. */
export interface ColumnOrigin {
  readonly schema: string;
  readonly table: string;
  readonly notNull: boolean;
}

export interface ResultColumn {
  readonly field: FieldDef;
  readonly origin?: ColumnOrigin;
}

/** A value as PostgreSQL writes it. */
export type Cell = string | null;

export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

/** How a statement that did not fail has ended. */
export interface QueryOutcome {
  /** Rows returned or affected; undefined for what has none, such as DDL. */
  readonly rows: number | undefined;
  /** Of the result, in bytes. */
  readonly bytes: number;
  /** Present, if perhaps empty, for what returns rows. */
  readonly resultSet?: ResultSet;
}
