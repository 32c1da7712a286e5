import {
  DescribeStatementCommand,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
} from '@aws-sdk/client-redshift-data';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { Describe } from './owner-statements.ts';

/** How the role is taken on, and how the client is made that then acts as the role. */
export interface OwnerClients {
  readonly sts: STSClient;
  readonly redshiftData: (config: RedshiftDataClientConfig) => RedshiftDataClient;
}

/** Names us in the account's trail. */
const SESSION_NAME = 'sfn-redshift-drain';

/** Also the longest that a role may have which was reached through another. */
const SESSION_SECONDS = 3_600;

/** Whatever the owner role may do, its session here may only describe; the action knows no resources. */
const DESCRIBE_ONLY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'redshift-data:DescribeStatement', Resource: '*' }],
});

export const liveOwnerClients = (): OwnerClients => ({
  sts: new STSClient({ requestHandler: CLIENT_TIMEOUTS }),
  redshiftData: (config) => new RedshiftDataClient({ requestHandler: CLIENT_TIMEOUTS, ...config }),
});

/** Describes statements as the role. The client keeps the credentials, and asks for new ones shortly before they expire. */
export const describeAsOwner = (ownerRoleArn: string, { sts, redshiftData }: OwnerClients): Describe => {
  const client = redshiftData({ credentials: () => assume(sts, ownerRoleArn) });
  return async (statementId) => {
    const { Error: text } = await client.send(new DescribeStatementCommand({ Id: statementId }));
    return text;
  };
};

const assume = async (sts: STSClient, RoleArn: string) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: SESSION_NAME,
      DurationSeconds: SESSION_SECONDS,
      Policy: DESCRIBE_ONLY,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error('AssumeRole answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
};
