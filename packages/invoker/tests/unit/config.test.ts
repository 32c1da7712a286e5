import { names } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { CONFIG } from '../helpers/dependencies.ts';

const ENVIRONMENT = {
  [names.ENVIRONMENT.tableName]: CONFIG.tableName,
  [names.ENVIRONMENT.statementNamePrefix]: CONFIG.statementNamePrefix,
  [names.ENVIRONMENT.retentionDays]: '7',
  [names.ENVIRONMENT.targetId]: CONFIG.targetId,
  [names.ENVIRONMENT.ownerRoleArn]: CONFIG.ownerRoleArn,
  [names.ENVIRONMENT.clusterIdentifier]: 'c1',
  [names.ENVIRONMENT.database]: 'dev',
  [names.ENVIRONMENT.dbUser]: 'etl',
  [names.ENVIRONMENT.completionQueueUrl]: CONFIG.completionQueueUrl,
};
const { withoutSqlComment: _, ...READ } = CONFIG;
const WITHOUT_COMMENT = { [names.ENVIRONMENT.sqlComment]: 'false' };

describe('readConfig', () => {
  it('reads what the construct sets', () => {
    expect(readConfig({ ...ENVIRONMENT, ...WITHOUT_COMMENT })).toEqual(CONFIG);
  });

  it.each([undefined, '', 'true'])(
    'has statements sent with a comment unless the construct says no: %s',
    (sqlComment) => {
      const environment = { ...ENVIRONMENT, [names.ENVIRONMENT.sqlComment]: sqlComment };

      expect(readConfig(environment)).not.toHaveProperty('withoutSqlComment');
    },
  );

  it.each(Object.keys(ENVIRONMENT))('names %s where it is missing or empty', (variable) => {
    const message = `environment variable ${variable} is missing; the construct sets it`;

    // Without a database user the statement runs as the one of the IAM identity.
    if (variable !== names.ENVIRONMENT.dbUser)
      expect(() => readConfig({ ...ENVIRONMENT, [variable]: undefined })).toThrow(message);
    expect(() => readConfig({ ...ENVIRONMENT, [variable]: '' })).toThrow(message);
  });

  it("reads the warehouse's key, and that the owner role is another than the function's own", () => {
    const warehouseKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/k1';
    const environment = {
      ...ENVIRONMENT,
      [names.ENVIRONMENT.warehouseKeyArn]: warehouseKeyArn,
      [names.ENVIRONMENT.assumesOwnerRole]: 'true',
    };

    expect(readConfig(environment)).toEqual({ ...READ, warehouseKeyArn, assumesOwnerRole: true });
    expect(readConfig({ ...ENVIRONMENT, [names.ENVIRONMENT.assumesOwnerRole]: 'false' })).toEqual(READ);
  });

  it('takes a day as retention', () => {
    expect(readConfig({ ...ENVIRONMENT, [names.ENVIRONMENT.retentionDays]: '1' }).retentionDays).toBe(1);
  });

  it.each(['0', '-1', '1.5', 'a week'])('refuses %s as retention', (days) => {
    expect(() => readConfig({ ...ENVIRONMENT, [names.ENVIRONMENT.retentionDays]: days })).toThrow(
      `environment variable SFN_REDSHIFT_RETENTION_DAYS must be a whole number of days, at least 1; it is "${days}"`,
    );
  });

  it.each([
    ['1 minutes', 60],
    ['5 minutes', 300],
    ['15 minutes', 900],
    ['1 hour', 3_600],
    ['2 days', 172_800],
  ])('reads how often the sweep runs: every %s', (interval, sweepIntervalSeconds) => {
    const environment = { ...ENVIRONMENT, [names.ENVIRONMENT.sweepInterval]: interval };

    expect(readConfig(environment)).toEqual({ ...READ, sweepIntervalSeconds });
  });

  it.each(['0 minutes', '5', 'often', '5 weeks', 'every 5 minutes'])(
    'refuses %s between two runs of the sweep',
    (interval) => {
      expect(() => readConfig({ ...ENVIRONMENT, [names.ENVIRONMENT.sweepInterval]: interval })).toThrow(
        `environment variable SFN_REDSHIFT_SWEEP_INTERVAL must be a number of minutes, hours or days; it is "${interval}"`,
      );
    },
  );

  it('refuses a prefix that could be the beginning of another', () => {
    expect(() => readConfig({ ...ENVIRONMENT, [names.ENVIRONMENT.statementNamePrefix]: 'tasker' })).toThrow(
      'statement name prefix',
    );
  });
});
