import type { ResultColumn } from '@sfn-redshift/shared';
import type { OwnerResults, ResultPage } from '../../src/owner-results.ts';
import type { StatementOwner } from '../../src/owner-statements.ts';
import type { Field } from '../../src/result/sql-value.ts';
import type { ResultStore } from '../../src/result/store-rows.ts';

/** A result of one page. */
export const pageOf = (
  columns: Readonly<Record<string, string>>,
  rows: readonly (readonly Field[])[],
  more: Partial<ResultPage> = {},
): ResultPage => ({ columns: columnsOf(columns), rows, totalRows: rows.length, nextToken: undefined, ...more });

export const columnsOf = (columns: Readonly<Record<string, string>>): readonly ResultColumn[] =>
  Object.entries(columns).map(([name, type]) => ({ name, type }));

/** Results and buckets in memory. What a page holds, and what S3 says to an object, can be replaced. */
export class MemoryResults implements OwnerResults, ResultStore {
  readonly #calls: string[];
  readonly asked: { role: string; statementId: string; nextToken: string | undefined }[] = [];
  readonly stored: Record<string, string> = {};
  give: (nextToken: string | undefined, statementId: string) => Promise<ResultPage> = () =>
    Promise.resolve(pageOf({ n: 'int4' }, []));
  take: () => Promise<void> = () => Promise.resolve();

  constructor(calls: string[] = []) {
    this.#calls = calls;
  }

  async page(
    { ownerRoleArn: role }: StatementOwner,
    statementId: string,
    nextToken: string | undefined,
  ): Promise<ResultPage> {
    this.#calls.push('GetStatementResult');
    this.asked.push({ role, statementId, nextToken });
    return await this.give(nextToken, statementId);
  }

  async put(bucket: string, key: string, parts: AsyncIterable<Buffer>): Promise<void> {
    let text = '';
    for await (const part of parts) text += String(part);
    this.#calls.push('PutObject');
    await this.take();
    this.stored[`${bucket}/${key}`] = text;
  }
}
