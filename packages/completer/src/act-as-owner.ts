import {
  CancelStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementCommandOutput,
  ListStatementsCommand,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
  type SubStatementData,
} from '@aws-sdk/client-redshift-data';
import { UNKNOWN_NUMBER } from '@sfn-redshift/shared';
import { assumeRole, liveSts } from '@sfn-redshift/shared/assume-role';
import type { BatchStatement } from './batch-statement.ts';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { OwnerCalls, OwnerSession, StatementDescription, StatementOwner } from './owner-statements.ts';

/** How the role is taken on, and how the client is made that then acts as the role. */
export interface OwnerClients {
  readonly sts: Parameters<typeof assumeRole>[0];
  readonly redshiftData: (config: RedshiftDataClientConfig) => RedshiftDataClient;
}

/** The most that a page holds. */
const PAGE_SIZE = 100;

export const liveOwnerClients = (): OwnerClients => ({
  sts: liveSts(CLIENT_TIMEOUTS),
  redshiftData: (config) => new RedshiftDataClient({ requestHandler: CLIENT_TIMEOUTS, ...config }),
});

/** A client that acts as the role. It keeps the credentials, and asks for new ones shortly before they expire. */
export const clientAs = (
  owner: StatementOwner,
  session: OwnerSession,
  { sts, redshiftData }: OwnerClients,
): RedshiftDataClient => {
  const role = { roleArn: owner.ownerRoleArn, name: session.name, policy: policyOf(session, owner) };
  return redshiftData({ credentials: () => assumeRole(sts, role) });
};

/** Calls as the role. */
export const actAsOwner = (owner: StatementOwner, session: OwnerSession, clients: OwnerClients): OwnerCalls => {
  const client = clientAs(owner, session, clients);
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
  rows: answer.ResultRows ?? UNKNOWN_NUMBER,
  redshiftQueryId: answer.RedshiftQueryId ?? UNKNOWN_NUMBER,
  errorText: answer.Error,
  updatedAt: answer.UpdatedAt?.getTime(),
  ...(answer.SessionId && { sessionId: answer.SessionId }),
  ...(answer.SubStatements && { statements: answer.SubStatements.map(ofBatch) }),
});

const ofBatch = ({ Id = '', Status, ...answer }: SubStatementData): BatchStatement => ({
  statementId: Id,
  state: Status ?? '',
  rows: answer.ResultRows ?? UNKNOWN_NUMBER,
  redshiftQueryId: answer.RedshiftQueryId ?? UNKNOWN_NUMBER,
  hasResult: answer.HasResultSet ?? false,
  errorText: answer.Error,
  sql: answer.QueryString ?? '',
});

/**
 * Whatever the owner role may do, its session here may make these calls only; they know no resources. And let the Data API
 * use the warehouse's key, under which it keeps statements and results.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
const policyOf = ({ calls }: OwnerSession, { warehouseKeyArn }: StatementOwner): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: calls.map((call) => `redshift-data:${call}`), Resource: '*' },
      ...(warehouseKeyArn === undefined ? [] : [throughRedshift(warehouseKeyArn)]),
    ],
  });

/** By whichever of its names Redshift comes to the key, in whichever region and partition. */
const throughRedshift = (keyArn: string) => ({
  Effect: 'Allow',
  Action: ['kms:CreateGrant', 'kms:DescribeKey'],
  Resource: keyArn,
  Condition: { StringLike: { 'kms:ViaService': 'redshift*.amazonaws.com*' } },
});
