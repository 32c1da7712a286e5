import type { ExecuteRequest } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { withoutRequest } from '../../src/without-request.ts';
import { REQUEST, SECRETS } from '../helpers/requests.ts';

const cleaned = (text: string, changes: Partial<ExecuteRequest> = {}) =>
  withoutRequest({ ...REQUEST, ...changes })(text);

describe('withoutRequest', () => {
  it('leaves a text of AWS that quotes nothing', () => {
    const text = "Redshift endpoint doesn't exist in this region.";

    expect(cleaned(text)).toBe(text);
  });

  it('hides parameter values and the task token', () => {
    expect(cleaned(`Value '${SECRETS.parameter}' of ${SECRETS.taskToken}.`)).toBe("Value '***' of ***.");
  });

  it('hides parameter values where there is no token', () => {
    expect(cleaned(`Value '${SECRETS.parameter}'`, { callback: { type: 'none' } })).toBe("Value '***'");
  });

  it('hides values that mean something in a pattern, and short ones as words only', () => {
    expect(cleaned('a.c [1] abc 1st', { parameters: { x: 'a.c', y: '1' } })).toBe('*** [***] abc 1st');
  });

  it('hides a value that holds another one', () => {
    expect(
      cleaned("Value 'swordfish bob river' of bob", { parameters: { user: 'bob', password: 'swordfish bob river' } }),
    ).toBe("Value '***' of ***");
  });

  it('hides a value of any length, of which no pattern can be made', () => {
    const value = 'canary value '.repeat(100_000);

    expect(cleaned(`Value '${value}' is too long`, { parameters: { x: value } })).toBe("Value '***' is too long");
  });

  it('shortens the SQL, without its credentials', () => {
    const sqlStatement = `copy t from 's3://b' credentials 'aws_secret_access_key=abc' ${'-'.repeat(400)}`;

    const text = cleaned(`Value '${sqlStatement}' at 'sql' failed`, { sqlStatement });

    expect(text).toMatch(/^Value 'copy t from 's3:\/\/b' credentials '\*\*\*' -+…' at 'sql' failed$/);
  });

  it('hides credentials of a part of the SQL', () => {
    expect(cleaned("near: PASSWORD 'hunter2'")).toBe("near: PASSWORD '***'");
  });

  it('shortens every statement of a batch', () => {
    const sqlStatements = ["alter user etl password 'a'", "alter user etl password 'a' valid until 'b'", 'select\n1'];
    const batch = { ...REQUEST, action: 'batchExecuteStatement', sqlStatements, executionMode: 'TRANSACTION' } as const;

    expect(withoutRequest(batch)(`Sqls: ${sqlStatements.join(', ')}`)).toBe(
      "Sqls: alter user etl password '***', alter user etl password '***' valid until 'b', select 1",
    );
  });
});
