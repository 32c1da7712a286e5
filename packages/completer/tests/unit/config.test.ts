import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';

const ENVIRONMENT = {
  SFN_REDSHIFT_TABLE_NAME: 'tracking',
  SFN_REDSHIFT_STATEMENT_NAME_PREFIX: 'tasker-1a2b/',
  SFN_REDSHIFT_COMPLETION_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/completions',
  SFN_REDSHIFT_MAX_CONCURRENCY: '5',
};

describe('the configuration', () => {
  it('is what the construct sets', () => {
    expect(readConfig(ENVIRONMENT)).toEqual({
      tableName: 'tracking',
      statementNamePrefix: 'tasker-1a2b/',
      completionQueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/completions',
      maxConcurrency: 5,
    });
  });

  it.each(Object.keys(ENVIRONMENT))('is refused without %s, by name', (variable) => {
    const message = `environment variable ${variable} is missing; the construct sets it`;

    expect(() => readConfig({ ...ENVIRONMENT, [variable]: undefined })).toThrow(message);
    expect(() => readConfig({ ...ENVIRONMENT, [variable]: '' })).toThrow(message);
  });

  it('may be of one sandbox', () => {
    expect(readConfig({ ...ENVIRONMENT, SFN_REDSHIFT_MAX_CONCURRENCY: '1' }).maxConcurrency).toBe(1);
  });

  it.each(['0', '2.5', 'many'])('is refused with %s sandboxes', (number) => {
    expect(() => readConfig({ ...ENVIRONMENT, SFN_REDSHIFT_MAX_CONCURRENCY: number })).toThrow(
      `environment variable SFN_REDSHIFT_MAX_CONCURRENCY must be a whole number, at least 1; it is "${number}"`,
    );
  });

  it('is refused with a prefix that could be the beginning of another', () => {
    expect(() => readConfig({ ...ENVIRONMENT, SFN_REDSHIFT_STATEMENT_NAME_PREFIX: 'tasker' })).toThrow(
      'statement name prefix',
    );
  });
});
