import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../../src/common/ports.ts';
import { addRole, sessionOf } from '../../../helpers/gateway.ts';
import { startRedshiftOn, type TestRedshift } from '../../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshiftOn({ url: 'postgres://nobody@127.0.0.1:1/none' });
});
afterAll(() => redshift.close());
afterEach(() => redshift.scripts.clear());

const request = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
  const url = `${redshift.stage.endpoint}/_stage/${path}`;
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
};
const give = (script: unknown) => request('POST', 'redshift/scripts', JSON.stringify(script));
const signedBy = ({ accessKeyId }: Credentials) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-central-1/redshift-data/aws4_request, SignedHeaders=host, Signature=0`,
});

describe('/_stage/redshift/scripts', () => {
  it('takes a script for scripted statements, lists it with its uses, and removes it', async () => {
    // Act
    const given = await give({ sql: 'select 1', columns: [{ name: 'n', type: 'int' }], rows: [[5]] });
    const { Records } = await redshift.query('select 1');
    const listed = await request('GET', 'redshift/scripts');
    const removed = await request('DELETE', `redshift/scripts/${String(given.body?.id)}`);
    const again = await request('DELETE', `redshift/scripts/${String(given.body?.id)}`);

    // Assess
    expect(given).toEqual({ status: 200, body: { id: expect.any(String) as string, used: 0 } });
    expect(Records).toEqual([[{ longValue: 5 }]]);
    expect(listed.body).toEqual({ scripts: [{ id: given.body?.id, used: 1 }] });
    expect(removed).toEqual({ status: 204, body: undefined });
    expect(again).toMatchObject({ status: 404, body: { __type: 'ResourceNotFoundException' } });
  });

  it('knows patterns and ready-made scripts for scripted statements', async () => {
    await give({ sql: { pattern: '^merge', flags: 'i' }, like: 'serializationConflict' });
    const { Status, Error: error } = await redshift.run('MERGE into t using s on t.i = s.i remove duplicates');
    expect({ Status, error }).toEqual({ Status: 'FAILED', error: expect.stringMatching(/^ERROR: 1023\n/) as string });
  });

  it('removes all scripts at once', async () => {
    await give({ sql: 'select 1', error: 'ERROR' });
    await give({ sql: 'select 2', error: 'ERROR' });
    expect((await request('DELETE', 'redshift/scripts')).status).toBe(204);
    expect((await request('GET', 'redshift/scripts')).body).toEqual({ scripts: [] });
  });

  it.each([
    ['{', 'SerializationException'],
    ['[]', 'SerializationException'],
    ['{}', 'ValidationException'],
    ['{"sql": null}', 'ValidationException'],
    ['{"sql": {"pattern": "("}}', 'ValidationException'],
    ['{"sql": {"pattern": "a", "flags": 1}}', 'ValidationException'],
    ['{"sql": "s", "columns": {}}', 'ValidationException'],
    ['{"sql": "s", "columns": [null]}', 'ValidationException'],
    ['{"sql": "s", "columns": [{"name": "a", "type": "int"}], "rows": 1}', 'ValidationException'],
    ['{"sql": "s", "like": "constructor"}', 'ValidationException'],
  ])('refuses %s', async (body, code) => {
    expect(await request('POST', 'redshift/scripts', body)).toMatchObject({ status: 400, body: { __type: code } });
  });
});

describe('The paths of the stage itself', () => {
  it('take no more than other requests may have', async () => {
    expect(await request('POST', 'redshift/scripts', ' '.repeat(16 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { __type: 'RequestEntityTooLarge' },
    });
  });

  it('are closed to roles', async () => {
    const role = addRole(redshift.stage, 'everything', { Effect: 'Allow', Action: '*', Resource: '*' });
    const headers = signedBy(sessionOf(redshift.stage, role));
    expect(await request('GET', 'redshift/scripts', undefined, headers)).toMatchObject({
      status: 403,
      body: { __type: 'AccessDeniedException' },
    });
  });

  it.each([
    ['GET', 'nothing', 404, 'ResourceNotFoundException'],
    ['GET', '', 404, 'ResourceNotFoundException'],
    ['GET', '%zz', 400, 'InvalidURI'],
    ['PUT', 'redshift/scripts', 405, 'MethodNotAllowed'],
  ])('answer %s %s with %i', async (method, path, status, code) => {
    expect(await request(method, path)).toMatchObject({ status, body: { __type: code } });
  });
});
