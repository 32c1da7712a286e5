import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import type { Submission } from '../../../src/redshift-data/statement.ts';
import { StatementStore } from '../../../src/redshift-data/statement-store.ts';

const clock = new StageClock();
afterEach(() => clock.stop());

const submission = (cluster: string, owner = 'role'): Submission => ({
  sql: 'select 1',
  parameters: [],
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

describe('The statements of a warehouse', () => {
  it('that have not ended are 500 at most', () => {
    // Prepare
    const store = new StatementStore(clock);
    const [first] = Array.from({ length: 500 }, () => store.submit(submission('c1'), undefined).statement);

    // Act, Assess
    expect(() => store.submit(submission('c1'), undefined)).toThrow(
      expect.objectContaining({ code: 'ActiveStatementsExceededException', status: 400 }),
    );
    expect(store.submit(submission('c2'), undefined).isNew).toBe(true);
    first?.aborted();
    if (first) store.noteEnd(first);
    expect(store.submit(submission('c1'), undefined).isNew).toBe(true);
  });
});

describe('A client token', () => {
  it('of another owner is another token', () => {
    // Prepare
    const store = new StatementStore(clock);
    const token = randomUUID();
    const { statement } = store.submit(submission('c1', 'role'), token);

    // Act
    const same = store.submit(submission('c1', 'role'), token);
    const others = store.submit(submission('c1', 'another role'), token);

    // Assess
    expect(same).toEqual({ statement, isNew: false });
    expect(others.isNew).toBe(true);
  });
});
