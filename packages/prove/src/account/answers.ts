import { names } from '@sfn-redshift/shared';
import { START } from '../virtual-time.ts';
import { QUERY_ID, subStatementsOf, UNKNOWN } from './batch.ts';
import type { Statement } from './redshift.ts';

/** How a start is answered. */
export interface StartAnswer {
  readonly Id: string;
  readonly SessionId?: string;
}

export const answerOf = ({ id, session }: Statement): StartAnswer => ({
  Id: id,
  ...(session && { SessionId: session.id }),
});

export const descriptionOf = (statement: Statement) => ({
  Id: statement.id,
  Status: statement.state,
  ...countsOf(statement, statement.state),
  UpdatedAt: new Date(statement.endedAt ?? statement.acceptedAt),
  ...(statement.state === 'FAILED' && { Error: statement.errorText }),
  ...(statement.session && { SessionId: statement.session.id }),
  ...(statement.batch && { SubStatements: subStatementsOf(statement, statement.batch) }),
});

/** A batch as a whole has neither rows nor a query. */
const countsOf = ({ gives, batch }: Counted, state: string) => ({
  ResultRows: state === 'FINISHED' && !batch ? (gives?.count ?? 1) : UNKNOWN,
  RedshiftQueryId: batch ? 0 : queryIdOf(state),
});

type Counted = Partial<Pick<Statement, 'gives' | 'batch'>>;

/** 0 before it is known. */
const queryIdOf = (state: string): number => {
  if (state === 'FINISHED') return QUERY_ID;
  return state === 'STARTED' ? 0 : UNKNOWN;
};

/** In EventBridge's form. */
export const eventOf = (
  { id, name, ...counted }: Pick<Statement, 'id' | 'name'> & Counted,
  state: string,
  time: number,
) => ({
  version: '0',
  id: `event-${id}`,
  source: names.COMPLETION_EVENT.source,
  'detail-type': names.COMPLETION_EVENT.detailType,
  account: '123456789012',
  time: new Date(Math.max(START, time)).toISOString(),
  region: 'us-east-1',
  resources: ['arn:aws:redshift:us-east-1:123456789012:cluster:c1'],
  detail: {
    statementId: id,
    statementName: name,
    state,
    rows: countsOf(counted, state).ResultRows,
    redshiftQueryId: countsOf(counted, state).RedshiftQueryId,
  },
});
