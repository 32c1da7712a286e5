import type { TrackingItem } from '@sfn-redshift/shared';
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
    this.#calls.push('Query');
    const due = this.#table
      .all()
      .filter(({ status, startedAt }) => status !== 'closed' && ranges.some((range) => contains(range, startedAt)))
      .sort((a, b) => a.startedAt - b.startedAt);
    yield* await Promise.resolve(
      due.map(({ owner, invocationKey, startedAt }) => ({ owner, invocationKey, startedAt })),
    );
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
