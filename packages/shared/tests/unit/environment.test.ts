import { describe, expect, it } from 'vitest';
import { environmentVariable } from '../../src/index.ts';

describe('an environment variable', () => {
  it('is read under the name that the construct knows it by', () => {
    expect(environmentVariable({ SFN_REDSHIFT_TABLE_NAME: 'tracking' }, 'tableName')).toBe('tracking');
  });

  it.each([{}, { SFN_REDSHIFT_TABLE_NAME: '' }])('that is missing or empty is named: %j', (environment) => {
    expect(() => environmentVariable(environment, 'tableName')).toThrow(
      'environment variable SFN_REDSHIFT_TABLE_NAME is missing; the construct sets it',
    );
  });
});
