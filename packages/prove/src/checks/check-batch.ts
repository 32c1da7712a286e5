import { decodeStatementName } from '@sfn-redshift/shared';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Account } from '../account/account.ts';
import { PREFIX } from '../account/prefix.ts';
import { tokenOf } from '../account/token-of.ts';
import type { Sandbox } from '../sandbox.ts';

/** How the drain ended. */
type Drained =
  | { readonly type: 'answered'; readonly value: SQSBatchResponse }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'crashed' };

/**
 * Invariant 4: no message fails its batch, and one comes again only if a request on its behalf has met a fault: whatever
 * else fails it will fail it for ever.
 */
export const checkBatch = (records: readonly SQSRecord[], ended: Drained, drain: Sandbox, account: Account): void => {
  const { findings } = account.world;
  if (ended.type === 'crashed') return;
  if (ended.type === 'failed') {
    findings.add(4, `${drain.name} fails its whole batch: ${String(ended.error)}`);
    return;
  }
  for (const { itemIdentifier } of ended.value.batchItemFailures) {
    const record = records.find(({ messageId }) => messageId === itemIdentifier);
    const subjects = record ? subjectsOf(record.body, account) : [];
    const excused = drain.faulted.some((request) => subjects.some((subject) => request.includes(subject)));
    if (!excused)
      findings.add(4, `${drain.name} wants ${itemIdentifier} again, for no passing reason: ${record?.body}`);
  }
};

interface Message {
  readonly detail?: Readonly<Record<string, string>>;
  readonly executionArn?: string;
}

/** What the requests are about that a message makes necessary; the session of the owner role serves all messages. */
const subjectsOf = (body: string, account: Account): readonly string[] => {
  try {
    const { detail, executionArn } = JSON.parse(body) as Message;
    if (executionArn !== undefined) return [executionArn, ...statementsOf(executionArn, account), 'RoleArn'];
    return subjectsOfEvent(detail ?? {}, account);
  } catch {
    return [];
  }
};

const statementsOf = (executionArn: string, { redshift }: Account): readonly string[] =>
  redshift.statements.filter(({ name }) => name.endsWith(executionArn)).map(({ id }) => id);

const subjectsOfEvent = ({ statementId, statementName = '' }: Readonly<Record<string, string>>, { table }: Account) => {
  const key = decodeStatementName(PREFIX, statementName);
  if (!statementId || !key) return [];
  const item = table.find(key);
  const token = item ? [tokenOf(item) ?? []].flat() : [];
  return [statementId, key.invocationKey, 'RoleArn', ...token];
};
