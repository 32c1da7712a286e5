import { type Input, optionalBoolean, optionalString } from '../input.ts';
import { STATUSES } from '../life-cycle.ts';
import { ownerOf, userIdOf } from '../owner.ts';
import type { Statement } from '../statement.ts';
import { type Action, timestamp } from './action.ts';
import { listPage } from './paging.ts';
import { targetFilterOf } from './target-filter.ts';

const STATUS = { pattern: new RegExp(`^(${[...STATUSES, 'ALL'].join('|')})$`) };
const STATEMENT_NAME = { maxLength: 2048 };

/** The caller's role's statements, newest first; the finished ones, unless `Status` says otherwise. */
export const listStatements: Action = (input, caller, { store }) => {
  const matches = filterOf(input);
  const wholeRole = input.RoleLevel === undefined || optionalBoolean(input, 'RoleLevel');
  const isListed = (statement: Statement) =>
    matches(statement) && (wholeRole || statement.submission.userId === userIdOf(caller));
  const { items, nextToken } = listPage(input, store.ownedBy(ownerOf(caller)), isListed, ({ id }) => id);
  return { Statements: items.map(summary), ...(nextToken !== undefined && { NextToken: nextToken }) };
};

const filterOf = (input: Input): ((statement: Statement) => boolean) => {
  const status = optionalString(input, 'Status', STATUS) ?? 'FINISHED';
  const prefix = optionalString(input, 'StatementName', STATEMENT_NAME) ?? '';
  const inTarget = targetFilterOf(input);
  return (statement) =>
    (status === 'ALL' || statement.status === status) &&
    (statement.submission.name ?? '').startsWith(prefix) &&
    inTarget(statement.submission);
};

const summary = (statement: Statement) => {
  const { sqls, parameters, name, resultFormat, target } = statement.submission;
  return {
    Id: statement.id,
    ...(statement.isBatch ? { QueryStrings: sqls } : { QueryString: sqls[0] }),
    ...(parameters.length > 0 && { QueryParameters: parameters }),
    IsBatchStatement: statement.isBatch,
    Status: statement.status,
    ...(name !== undefined && { StatementName: name }),
    ...(target.secretArn !== undefined && { SecretArn: target.secretArn }),
    CreatedAt: timestamp(statement.createdAt),
    UpdatedAt: timestamp(statement.updatedAt),
    ResultFormat: resultFormat,
    ...(statement.session && { SessionId: statement.session.id }),
  };
};
