import type { StartRequest, TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { CONFIG, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { claimWith, REQUEST } from '../helpers/requests.ts';

let dependencies: TestDependencies;
const { withoutSqlComment: _, ...COMMENTING } = CONFIG;

beforeEach(() => {
  dependencies = { ...testDependencies(), config: COMMENTING };
});

const start = (request: StartRequest = REQUEST) =>
  startStatement(request, { requestId: 'r', deadline: dependencies.now() + 30_000 }, dependencies);
const sent = () => dependencies.dataApi.starts.flatMap((start) => ('sql' in start ? [start.sql] : start.sqls));

describe('the SQL that is sent', () => {
  it('begins with a comment that tells execution, state and invocation key, which the item keeps', async () => {
    await start();

    const { sqlComment, invocationKey, attempt } = dependencies.table.only;
    expect(sqlComment).toMatch(/^\/\* sfn-redshift execution=[\w-]+, state=[\w -]+, key=[0-9a-f]{32} \*\/$/);
    expect(sqlComment).toContain(`state=${attempt?.state}, key=${invocationKey}`);
    expect(sent()).toEqual([`${sqlComment}\n${REQUEST.sqlStatement}`]);
  });

  it('begins so in every statement of a batch', async () => {
    const { sqlStatement: _sql, ...options } = REQUEST;
    const batch = { action: 'batchExecuteStatement', sqlStatements: ['a', 'b'], executionMode: 'TRANSACTION' } as const;

    await start({ ...options, ...batch });

    const { sqlComment, shortSql } = dependencies.table.only;
    expect(sent()).toEqual([`${sqlComment}\na`, `${sqlComment}\nb`]);
    expect(shortSql).toBe('a; b');
  });

  it('is the SQL alone where a batch with a comment before each statement is too long', async () => {
    const { sqlStatement: _sql, ...options } = REQUEST;
    const sqlStatements = Array<string>(40).fill('x'.repeat(5_100));

    await start({ ...options, action: 'batchExecuteStatement', sqlStatements, executionMode: 'TRANSACTION' });

    expect(sent().every((sql) => sql === sqlStatements[0])).toBe(true);
    expect(dependencies.table.only).not.toHaveProperty('sqlComment');
  });

  it('changes nothing of what is remembered of the SQL', async () => {
    await start();
    const commented = dependencies.table.only;
    dependencies = testDependencies();
    await start();
    const { workHash, shortSql, invocationKey } = dependencies.table.only;

    expect(commented).toMatchObject({ workHash, shortSql, invocationKey });
    expect(dependencies.table.only).not.toHaveProperty('sqlComment');
    expect(sent()).toEqual([REQUEST.sqlStatement]);
  });

  it.each<[string, Partial<TrackingItem>]>([
    ['of another comment', { sqlComment: '/* sfn-redshift key=other */' }],
    ['of a version that sent none', {}],
  ])('of a claim that is taken over is the one that went with its ClientToken: %s', async (_what, changes) => {
    const claim = claimWith({ ...changes, startDeadline: dependencies.now() - 1 });
    dependencies.table.seed(claim);

    await start();

    const sql = changes.sqlComment ? `${changes.sqlComment}\n${REQUEST.sqlStatement}` : REQUEST.sqlStatement;
    expect(sent()).toEqual([sql]);
    expect(dependencies.table.only.sqlComment).toBe(changes.sqlComment);
  });
});
