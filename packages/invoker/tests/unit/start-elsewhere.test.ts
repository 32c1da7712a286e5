import { beforeEach, describe, expect, it } from 'vitest';
import type { InvokerConfig } from '../../src/config.ts';
import { startStatement } from '../../src/start-statement.ts';
import { CONFIG, START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { REQUEST } from '../helpers/requests.ts';

const HOUR = 3_600_000;
const TIMEOUT = 30_000;

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const start = (config: InvokerConfig = CONFIG, requestId = 'lambda-request-1') =>
  startStatement(REQUEST, { requestId, deadline: dependencies.clock.time + TIMEOUT }, { ...dependencies, config });

describe('a start on another target than a cluster with a database user', () => {
  it('answers what the Data API calls it, and its item remembers the key of the warehouse', async () => {
    const target = { workgroupName: 'wg1', database: 'dev', secretArn: 'etl-login' };
    const warehouseKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/k1';

    const answer = await start({ ...CONFIG, target, warehouseKeyArn });

    const item = dependencies.table.only;
    expect(item.warehouseKeyArn).toBe(warehouseKeyArn);
    expect(answer).toEqual({
      statementId: item.statementId,
      statementName: item.statementName,
      Id: item.statementId,
      WorkgroupName: 'wg1',
      Database: 'dev',
      SecretArn: 'etl-login',
      CreatedAt: new Date(START).toISOString(),
    });
  });

  it('is not made by another role than its claim was, which does not share its ClientToken', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('InternalServerException', 'later', 500), accepted: true });
    await expect(start()).rejects.toThrow('later');
    dependencies.clock.time += HOUR;
    const owned = { ...CONFIG, assumesOwnerRole: true, ownerRoleArn: 'arn:aws:iam::210987654321:role/etl' };

    await expect(start(owned, 'lambda-request-2')).rejects.toMatchObject({ name: 'StartUncertain' });

    expect(dependencies.dataApi.starts).toHaveLength(1);
  });
});
