import { afterEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import type { SessionOrigin } from '../../../src/redshift-data/sessions/database-session.ts';
import { SessionStore } from '../../../src/redshift-data/sessions/session-store.ts';

const clock = new StageClock();
afterEach(() => clock.stop());

const origin = (cluster: string): SessionOrigin => ({
  target: {
    warehouse: { kind: 'cluster', name: cluster },
    arn: `arn:aws:redshift:eu-central-1:123456789012:cluster:${cluster}`,
    database: 'dev',
    user: 'etl',
    echo: {},
  },
  owner: 'role',
  principal: 'role',
  userId: 'role',
});

describe('The sessions of a warehouse', () => {
  it('that are open are 500 at most', () => {
    // Prepare
    const store = new SessionStore({ clock, cancel: () => undefined });
    const [first] = Array.from({ length: 500 }, () => store.open(origin('c1'), 60));

    // Act, Assess
    expect(() => store.open(origin('c1'), 60)).toThrow(
      expect.objectContaining({ code: 'ActiveSessionsExceededException', status: 400 }),
    );
    expect(store.open(origin('c2'), 60).status).toBe('BUSY');
    first?.close();
    expect(store.open(origin('c1'), 60).status).toBe('BUSY');
  });

  it('are all closed in the end', () => {
    const store = new SessionStore({ clock, cancel: () => undefined });
    store.open(origin('c1'), 60);
    store.open(origin('c2'), 60).release();
    store.close();
    expect(store.ownedBy('role').map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED']);
  });
});
