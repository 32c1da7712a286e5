import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, type AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts';

/** How clients reach the account. What is left out is found as AWS tools find it: environment, profile, instance. */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Clients {
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  destroy(): void;
}

export const makeClients = (options: ClientOptions): Clients => {
  const clients = {
    sfn: new SFNClient(options),
    lambda: new LambdaClient(options),
    dynamodb: new DynamoDBClient(options),
    sqs: new SQSClient(options),
    sts: new STSClient(options),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
};

/** Keys of a role, whenever a client needs some. */
export const roleCredentials = (sts: STSClient, roleArn: string | undefined) => async () => {
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'sfn-redshift-integ' });
  return credentialsOf(await sts.send(command));
};

/** The Data API as a role sees it: it shows statements to the role that owns them. */
export const dataApiAs = (sts: STSClient, options: ClientOptions, roleArn: string | undefined): RedshiftDataClient =>
  new RedshiftDataClient({ ...options, credentials: roleCredentials(sts, roleArn) });

const credentialsOf = ({ Credentials }: AssumeRoleCommandOutput) => ({
  accessKeyId: Credentials?.AccessKeyId ?? '',
  secretAccessKey: Credentials?.SecretAccessKey ?? '',
  ...(Credentials?.SessionToken !== undefined && { sessionToken: Credentials.SessionToken }),
  ...(Credentials?.Expiration !== undefined && { expiration: Credentials.Expiration }),
});
