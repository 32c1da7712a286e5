import { validationError } from '../errors.ts';
import { type Input, optionalBoolean, optionalString, wrongType } from '../input.ts';
import { STATUSES } from '../life-cycle.ts';
import { ownerOf } from '../owner.ts';
import type { Statement } from '../statement.ts';
import { type Action, timestamp } from './action.ts';

const LARGEST_PAGE = 100;
const STATUS = { pattern: new RegExp(`^(${[...STATUSES, 'ALL'].join('|')})$`) };

/** The caller's role's statements, newest first; the finished ones, unless `Status` says otherwise. */
export const listStatements: Action = (input, caller, { store }) => {
  const matches = filterOf(input);
  const wholeRole = input.RoleLevel === undefined || optionalBoolean(input, 'RoleLevel');
  const found = store
    .ownedBy(ownerOf(caller))
    .filter((statement) => matches(statement) && (wholeRole || statement.submission.principal === caller.arn));
  const token = optionalString(input, 'NextToken');
  const start = token === undefined ? 0 : found.findIndex(({ id }) => id === token) + 1;
  if (token !== undefined && start === 0) throw validationError('Invalid pagination token.');
  const page = found.slice(start, start + pageSize(input));
  const hasMore = start + page.length < found.length;
  return { Statements: page.map(summary), ...(hasMore && { NextToken: page.at(-1)?.id }) };
};

const filterOf = (input: Input): ((statement: Statement) => boolean) => {
  const status = optionalString(input, 'Status', STATUS) ?? 'FINISHED';
  const prefix = optionalString(input, 'StatementName') ?? '';
  const wanted = ['Database', 'ClusterIdentifier', 'WorkgroupName'].map(
    (field) => [field, optionalString(input, field)] as const,
  );
  return (statement) =>
    (status === 'ALL' || statement.status === status) &&
    (statement.submission.name ?? '').startsWith(prefix) &&
    wanted.every(([field, value]) => value === undefined || statement.submission.target.echo[field] === value);
};

const pageSize = ({ MaxResults: given }: Input): number => {
  if (given === undefined || given === null || given === 0) return LARGEST_PAGE;
  if (typeof given !== 'number' || !Number.isInteger(given)) throw wrongType('MaxResults', 'integer');
  if (given < 0 || given > LARGEST_PAGE) throw validationError(`maxResults must be between 0 and ${LARGEST_PAGE}`);
  return given;
};

const summary = (statement: Statement) => {
  const { sql, parameters, name } = statement.submission;
  return {
    Id: statement.id,
    QueryString: sql,
    ...(parameters.length > 0 && { QueryParameters: parameters }),
    IsBatchStatement: false,
    Status: statement.status,
    ...(name !== undefined && { StatementName: name }),
    CreatedAt: timestamp(statement.createdAt),
    UpdatedAt: timestamp(statement.updatedAt),
    ResultFormat: 'JSON',
  };
};
