import { names, openValueOf, type TrackingItem } from '@sfn-redshift/shared';
import type { StartRange } from '../../src/sweep/due-ranges.ts';
import type { OpenStatement, OpenStatements } from '../../src/sweep/open-statements.ts';
import type { MemoryTable } from './memory-table.ts';

/** The index of open statements over a table in memory; open-statements.test.ts holds both to the same. */
export class MemoryOpenStatements implements OpenStatements {
  readonly #table: MemoryTable;
  readonly #calls: string[];

  constructor(table: MemoryTable, calls: string[]) {
    this.#table = table;
    this.#calls = calls;
  }

  async *startedWithin(ranges: readonly StartRange[]): AsyncIterable<OpenStatement> {
    if (ranges.length === 0) return;
    const open = this.#part(names.TABLE.openValue);
    yield* await Promise.resolve(open.filter(({ startedAt }) => ranges.some((range) => contains(range, startedAt))));
  }

  async *watched(): AsyncIterable<OpenStatement> {
    yield* await Promise.resolve(this.#part(names.TABLE.watchedValue));
  }

  #part(value: string): readonly OpenStatement[] {
    this.#calls.push('Query');
    return this.#table
      .all()
      .filter((item) => item.status !== 'closed' && openValueOf(item) === value)
      .sort((a, b) => a.startedAt - b.startedAt)
      .map(({ owner, invocationKey, startedAt }) => ({ owner, invocationKey, startedAt }));
  }

  async noteStatement(claim: TrackingItem, statementId: string): Promise<boolean> {
    this.#calls.push('NoteStatement');
    const standing = this.#table.stored(claim);
    const free = standing?.status === 'starting' && standing.statementId === undefined;
    if (!free || standing.generation !== claim.generation) return await Promise.resolve(false);
    this.#table.seed({ ...standing, status: 'submitted', statementId });
    return true;
  }
}

const contains = ({ from, to }: StartRange, startedAt: number): boolean => from <= startedAt && startedAt <= to;
