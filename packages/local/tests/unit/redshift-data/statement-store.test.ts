import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import type { Submission } from '../../../src/redshift-data/statement.ts';
import { StatementStore } from '../../../src/redshift-data/statement-store.ts';

const HOUR_MS = 3600 * 1000;

const clock = new StageClock();
afterEach(() => clock.stop());

const submission = (cluster: string, owner = 'role', batch = false): Submission => ({
  sqls: ['select 1'],
  ...(batch && { executionMode: 'TRANSACTION' }),
  parameters: [],
  resultFormat: 'JSON',
  target: {
    warehouse: { kind: 'cluster', name: cluster },
    arn: `arn:aws:redshift:eu-central-1:123456789012:cluster:${cluster}`,
    database: 'dev',
    user: 'etl',
    echo: {},
  },
  withEvent: false,
  owner,
  principal: owner,
  userId: owner,
});

const ended = (store: StatementStore) => {
  const statement = store.add(submission('c1'));
  statement.aborted();
  store.noteEnd(statement);
  return statement;
};

describe('The statements of a warehouse', () => {
  it('that have not ended are 500 at most', () => {
    // Prepare
    const store = new StatementStore(clock);
    const [first] = Array.from({ length: 500 }, () => store.add(submission('c1')));

    // Act, Assess
    expect(() => store.refuseTooMany(submission('c1').target)).toThrow(
      expect.objectContaining({ code: 'ActiveStatementsExceededException', status: 400 }),
    );
    store.refuseTooMany(submission('c2').target);
    first?.aborted();
    if (first) store.noteEnd(first);
    store.refuseTooMany(submission('c1').target);
    expect(store.active()).toHaveLength(499);
  });
});

describe('A client token', () => {
  it('of another owner or another operation is another token', () => {
    // Prepare
    const store = new StatementStore(clock);
    const token = randomUUID();
    const statement = store.add(submission('c1', 'role'), token);

    // Act, Assess
    expect(store.submittedWith(submission('c1', 'role'), token)).toBe(statement);
    expect(store.submittedWith(submission('c1', 'another role'), token)).toBeUndefined();
    expect(store.submittedWith(submission('c1', 'role', true), token)).toBeUndefined();
    expect(store.submittedWith(submission('c1', 'role'), undefined)).toBeUndefined();
  });
});

describe('An ended statement', () => {
  it('is known for 24 hours, its expiry for a week, and then nothing is left of it', () => {
    // Prepare
    const store = new StatementStore(clock);
    const first = ended(store);
    const find = () => store.find(first.id, 'role');

    // Act, Assess
    clock.advance(24 * HOUR_MS - 60_000);
    const second = ended(store);
    expect(find()).toBe(first);
    clock.advance(60_000);
    expect(find).toThrow(expect.objectContaining({ code: 'ValidationException' }));
    expect(find).toThrow(/has expired after \d+\.$/);
    expect(() => store.find(first.id, 'another role')).toThrow('Query does not exist.');
    expect(store.ownedBy('role')).toEqual([second]);
    clock.advance(7 * 24 * HOUR_MS);
    expect(find).toThrow('Query does not exist.');
  });

  it('costs the others nothing, however many there are', () => {
    // Prepare: what has ended is never looked through to find one, or to see what has expired
    const store = new StatementStore(clock);
    const statements = Array.from({ length: 10_000 }, () => ended(store));
    let looks = 0;
    for (const statement of statements)
      Object.defineProperty(statement, 'expiresAt', { get: () => (looks += 1) && Number.POSITIVE_INFINITY });

    // Act
    const found = store.find(statements.at(-1)?.id ?? '', 'role');
    store.add(submission('c1'));

    // Assess
    expect(found).toBe(statements.at(-1));
    expect(looks).toBe(1);
  });
});
