import {
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ListStatementsCommand,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
} from '@aws-sdk/client-redshift-data';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { OwnerCalls, OwnerSession, StatementDescription } from './owner-statements.ts';

/** How the role is taken on, and how the client is made that then acts as the role. */
export interface OwnerClients {
  readonly sts: STSClient;
  readonly redshiftData: (config: RedshiftDataClientConfig) => RedshiftDataClient;
}

/** Also the longest that a role may have which was reached through another. */
const SESSION_SECONDS = 3_600;

/** What the Data API says where there is nothing to count, as in its events. */
const UNKNOWN = -1;

/** The most that a page holds. */
const PAGE_SIZE = 100;

export const liveOwnerClients = (): OwnerClients => ({
  sts: new STSClient({ requestHandler: CLIENT_TIMEOUTS }),
  redshiftData: (config) => new RedshiftDataClient({ requestHandler: CLIENT_TIMEOUTS, ...config }),
});

/** Calls as the role. The client keeps the credentials, and asks for new ones shortly before they expire. */
export const actAsOwner = (
  ownerRoleArn: string,
  session: OwnerSession,
  { sts, redshiftData }: OwnerClients,
): OwnerCalls => {
  const client = redshiftData({ credentials: () => assume(sts, ownerRoleArn, session) });
  return {
    cancel: async (Id) => (await client.send(new CancelStatementCommand({ Id }))).Status ?? false,
    describe: async (Id) => descriptionOf(Id, await client.send(new DescribeStatementCommand({ Id }))),
    listPage: async (StatementName, NextToken) => {
      const page = await client.send(
        new ListStatementsCommand({ StatementName, Status: 'ALL', MaxResults: PAGE_SIZE, NextToken }),
      );
      return {
        statements: (page.Statements ?? []).map(({ Id = '', StatementName: name = '', CreatedAt }) => ({
          statementId: Id,
          statementName: name,
          createdAt: CreatedAt?.getTime() ?? 0,
        })),
        nextToken: page.NextToken,
      };
    },
  };
};

const descriptionOf = (statementId: string, answer: DescribeStatementCommandOutput): StatementDescription => ({
  statementId,
  state: answer.Status ?? '',
  rows: answer.ResultRows ?? UNKNOWN,
  redshiftQueryId: answer.RedshiftQueryId ?? UNKNOWN,
  errorText: answer.Error,
  updatedAt: answer.UpdatedAt?.getTime(),
});

/** Whatever the owner role may do, its session here may make these calls only; they know no resources. */
const policyOf = ({ calls }: OwnerSession): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: calls.map((call) => `redshift-data:${call}`), Resource: '*' }],
  });

const assume = async (sts: STSClient, RoleArn: string, session: OwnerSession) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: session.name,
      DurationSeconds: SESSION_SECONDS,
      Policy: policyOf(session),
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
