import { describe, expect, it } from 'vitest';
import {
  type BatchRequest,
  encodeTaskRequest,
  parseTaskRequest,
  shortSqlOf,
  sqlsOf,
  trackingKeyOf,
  workHashOf,
} from '../../src/index.ts';
import { workHash } from '../../src/sql-text.ts';
import type { StartedWork } from '../../src/start-request.ts';
import { CANARIES, SQL_WITH_CREDENTIAL } from '../helpers/canaries.ts';
import { execute, without } from '../helpers/request-rows.ts';
import { batch } from '../helpers/request-rows-batches.ts';
import { inSession, SESSION_ID } from '../helpers/request-rows-sessions.ts';

const parsed = (payload: unknown) => parseTaskRequest(payload).request as BatchRequest;

const BATCH: StartedWork = { sqlStatements: ['a', 'b'], executionMode: 'TRANSACTION', parameters: { p: '1' } };

describe('a batch', () => {
  it('is read with all that a statement is asked for with', () => {
    const { sqlStatement: _sql, ...options } = parseTaskRequest(execute()).request as unknown as Record<
      string,
      unknown
    >;

    expect(parsed(batch())).toEqual({
      ...options,
      action: 'batchExecuteStatement',
      sqlStatements: [SQL_WITH_CREDENTIAL, 'select :p'],
      executionMode: 'AUTO_COMMIT',
    });
  });

  it('is a transaction unless told otherwise', () => {
    expect(parsed(without(batch(), 'executionMode')).executionMode).toBe('TRANSACTION');
  });

  it('is what several statements ask for that name no action', () => {
    expect(parsed(without(batch(), 'action'))).toEqual(parsed(batch()));
  });

  it.each([1, 40])('may be %d statements', (count) => {
    expect(parsed(batch({ sqlStatements: Array(count).fill('select 1') })).sqlStatements).toHaveLength(count);
  });

  it('may have 200 KB of SQL', () => {
    expect(parsed(batch({ sqlStatements: ['x'.repeat(102_400), 'ä'.repeat(51_200)] })).sqlStatements).toHaveLength(2);
  });

  it('is written as the payload that it was read from', () => {
    expect(parsed(encodeTaskRequest(parsed(batch())))).toStrictEqual(parsed(batch()));
  });

  it('is told by all of its SQL, in order, without credentials', () => {
    expect(sqlsOf(parsed(batch()))).toEqual([SQL_WITH_CREDENTIAL, 'select :p']);
    expect(shortSqlOf(parsed(batch()))).toBe("alter user etl password '***'; select :p");
    expect(shortSqlOf(parsed(batch()))).not.toContain(CANARIES.credential);
  });
});

describe('a session', () => {
  it.each([
    ['is opened, and stays for five minutes', {}, { keepAliveSeconds: 300 }],
    ['is opened, and stays as long as was asked for', { keepAliveSeconds: 86_400 }, { keepAliveSeconds: 86_400 }],
    ['is used', { id: SESSION_ID }, { id: SESSION_ID }],
    [
      'is used, and stays as long as was asked for',
      { id: SESSION_ID, keepAliveSeconds: 60 },
      { id: SESSION_ID, keepAliveSeconds: 60 },
    ],
    ['is used, and ended', { id: SESSION_ID, keepAliveSeconds: 0 }, { id: SESSION_ID, keepAliveSeconds: 0 }],
  ])('%s', (_what, given, session) => {
    const request = parsed(inSession(given));

    expect(request.session).toStrictEqual(session);
    expect(parsed(encodeTaskRequest(request))).toStrictEqual(request);
  });

  it('goes with a batch', () => {
    expect(parsed(batch({ session: { id: SESSION_ID } })).session).toEqual({ id: SESSION_ID });
  });

  it('makes other work of the same SQL, whatever time it stays', () => {
    const hashes = [undefined, {}, { id: SESSION_ID }, { id: SESSION_ID.replace('0a', '0b') }].map((session) =>
      workHashOf(parsed(execute({ session }))),
    );

    expect(new Set(hashes).size).toBe(4);
    expect(workHashOf(parsed(inSession({ keepAliveSeconds: 9 })))).toBe(hashes[1]);
    expect(workHashOf(parsed(inSession({ id: SESSION_ID, keepAliveSeconds: 9 })))).toBe(hashes[2]);
  });
});

describe('the work of a request', () => {
  it('is the same for the same batch', () => {
    expect(workHashOf({ ...BATCH, sqlStatements: ['a', 'b'] })).toBe(workHashOf(BATCH));
  });

  it.each<[string, StartedWork]>([
    ['other SQL', { ...BATCH, sqlStatements: ['a', 'c'] }],
    ['another order', { ...BATCH, sqlStatements: ['b', 'a'] }],
    ['SQL that is divided otherwise', { ...BATCH, sqlStatements: ['a b'] }],
    ['another mode', { ...BATCH, executionMode: 'AUTO_COMMIT' }],
    ['other parameters', { ...BATCH, parameters: { p: '2' } }],
    ['one statement of it', { sqlStatement: 'a', parameters: { p: '1' } }],
  ])('is another for %s', (_what, work) => {
    expect(workHashOf(work)).not.toBe(workHashOf(BATCH));
  });

  it('of one statement is what it was before there were batches', () => {
    expect(workHashOf({ sqlStatement: 'select :p', parameters: { p: '1' } })).toBe(workHash('select :p', { p: '1' }));
  });

  it('gives each batch a key of its own', () => {
    const keyOf = (fields: object) => trackingKeyOf(parsed(batch(fields as never)), 'r').invocationKey;

    expect(keyOf({})).toBe(keyOf({}));
    expect(keyOf({ sqlStatements: ['select :p'] })).not.toBe(keyOf({}));
  });
});
