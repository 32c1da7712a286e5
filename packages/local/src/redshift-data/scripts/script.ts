import type { QueryOutcome } from '../results/outcome.ts';
import type { ReadyScriptName } from './ready-scripts.ts';

/** The exact text (blanks around it, and comments before it, aside), a pattern (also without these comments), or a part of the text. Parameters stay names, as in `QueryString`. */
export type SqlMatch = string | RegExp | { readonly contains: string };

export interface ScriptedColumn {
  readonly name: string;
  /** As in Redshift's SQL: `bigint`, `varchar(20)`, `numeric(10,2)`, `timestamp`, … */
  readonly type: string;
}

/** Dates and times are texts, as PostgreSQL writes them: `2026-01-31 12:00:00`. */
export type ScriptedValue = string | number | bigint | boolean | null;

/** What becomes of statements with matching SQL, decided beforehand: PostgreSQL never sees them. */
export interface StatementScript {
  readonly sql: SqlMatch;
  /** A ready-made script, whose fields the other fields here replace. */
  readonly like?: ReadyScriptName;
  /**
   * Statements that it is for; then the next script that matches has its turn, or PostgreSQL.
   *
   * @default any number
   */
  readonly uses?: number;
  /**
   * From STARTED to the end, in milliseconds of the stage's clock.
   *
   * @default 0
   */
  readonly durationMs?: number;
  /** @default FAILED with an `error`, else FINISHED */
  readonly state?: 'FINISHED' | 'FAILED' | 'ABORTED';
  /** What DescribeStatement shows as `Error`; for FAILED and ABORTED. */
  readonly error?: string;
  /** Of the result set; for FINISHED. */
  readonly columns?: readonly ScriptedColumn[];
  /** @default none; a result set without rows when there are `columns` */
  readonly rows?: readonly (readonly ScriptedValue[])[];
  /** For a statement that changes rows instead of returning them. */
  readonly affectedRows?: number;
  /**
   * Whether the completion event comes, if the statement asks for one.
   *
   * @default true
   */
  readonly event?: boolean;
}

export const END_STATES = ['FINISHED', 'FAILED', 'ABORTED'] as const;

/** A script as it is played. */
export interface Script {
  readonly id: string;
  readonly matches: (sql: string) => boolean;
  readonly durationMs: number;
  readonly end: ScriptedEnd;
  readonly hasEvent: boolean;
}

export type ScriptedEnd =
  | { readonly state: 'FINISHED'; readonly outcome: QueryOutcome }
  | { readonly state: 'FAILED'; readonly error: string }
  | { readonly state: 'ABORTED'; readonly error?: string };
