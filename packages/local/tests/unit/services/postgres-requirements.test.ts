import { describe, expect, it } from 'vitest';
import { shortcomingOf } from '../../../src/services/postgres-requirements.ts';

const URL = 'postgres://me@host/db';

describe('shortcomingOf', () => {
  it('finds nothing wrong with a superuser of a server that is new enough', () => {
    expect(shortcomingOf({ isSuperuser: true, versionNumber: 150_018 }, URL)).toBeUndefined();
  });

  it('tells which version is too old', () => {
    expect(shortcomingOf({ isSuperuser: true, versionNumber: 149_999 }, URL)).toBe(
      'The PostgreSQL at postgres://me@host/db is version 14; the stage needs 15 or newer',
    );
  });

  it('tells that the user is no superuser', () => {
    expect(shortcomingOf({ isSuperuser: false, versionNumber: 180_004 }, URL)).toBe(
      'The user of postgres://me@host/db is not a superuser of that server',
    );
  });
});
