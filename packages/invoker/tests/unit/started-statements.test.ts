import { names } from '@sfn-redshift/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveDependencies } from '../../src/dependencies.ts';
import { type AwsServer, assumedRole, environmentOf, signerOf, startAwsServer } from '../helpers/aws-server.ts';

const OWNER_ROLE = 'arn:aws:iam::123456789012:role/owner';

const ASSUMED = assumedRole('AKIAOWNER', new Date('2100-01-01'));

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAwsServer(({ body }) => ({ body: body['Action'] === 'AssumeRole' ? ASSUMED : { Statements: [] } }));
  for (const [name, value] of Object.entries(environmentOf(aws))) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const startsOf = (assumesOwnerRole: string) =>
  liveDependencies({
    [names.ENVIRONMENT.tableName]: 'tracking',
    [names.ENVIRONMENT.statementNamePrefix]: 'tasker/',
    [names.ENVIRONMENT.retentionDays]: '30',
    [names.ENVIRONMENT.targetId]: 'default',
    [names.ENVIRONMENT.ownerRoleArn]: OWNER_ROLE,
    [names.ENVIRONMENT.assumesOwnerRole]: assumesOwnerRole,
    [names.ENVIRONMENT.clusterIdentifier]: 'c1',
    [names.ENVIRONMENT.database]: 'dev',
    [names.ENVIRONMENT.completionQueueUrl]: 'https://sqs.eu-central-1.amazonaws.com/123456789012/completions',
  }).starts;

const listedBy = () =>
  aws.calls.filter(({ target }) => target.endsWith('.ListStatements')).map(({ headers }) => signerOf(headers));

describe('what was started under a name', () => {
  it("is looked for as the target's owner role, which alone sees it", async () => {
    await startsOf('true').find('tasker/key');

    expect(aws.calls[0]?.body).toMatchObject({ Action: 'AssumeRole', RoleArn: OWNER_ROLE });
    expect(listedBy()).toEqual(['AKIAOWNER']);
  });

  it("is looked for as the invoker's own role where that is the owner", async () => {
    await startsOf('false').find('tasker/key');

    expect(listedBy()).toEqual([aws.client.credentials.accessKeyId]);
  });
});
