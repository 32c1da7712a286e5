import { names } from '@sfn-redshift/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveDependencies } from '../../src/dependencies.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';

const OWNER_ROLE = 'arn:aws:iam::123456789012:role/owner';

/** What STS answers to AssumeRole. */
const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>AKIAOWNER</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAwsServer(({ body }) => ({ body: body['Action'] === 'AssumeRole' ? ASSUMED : { Statements: [] } }));
  const { accessKeyId, secretAccessKey } = aws.client.credentials;
  vi.stubEnv('AWS_ENDPOINT_URL', aws.client.endpoint);
  vi.stubEnv('AWS_REGION', aws.client.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
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
  aws.calls
    .filter(({ target }) => target.endsWith('.ListStatements'))
    .map(({ headers }) => /Credential=(\w+)/.exec(String(headers.authorization))?.[1]);

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
