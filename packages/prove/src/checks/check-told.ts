import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../account/account.ts';
import { subIdOf, subStatementsOf } from '../account/batch.ts';
import type { Statement } from '../account/redshift.ts';
import type { Told } from '../account/workflows.ts';
import { mayHave } from '../request-identity.ts';
import { mayBeUnknown } from './may-be-unknown.ts';
import { hasOverrun } from './overrun.ts';
import { rowsProblem } from './rows-problem.ts';

/**
 * Invariant 2: whatever is sent to a task, accepted or not, is the outcome of its own statement; and (6) tells no secret.
 * Gives the id of the statement that it is about.
 */
export const checkTold = (token: unknown, told: Told, account: Account): string | undefined => {
  const problem = problemOf(token, told, account);
  if (problem) account.world.findings.add(2, `a task is told ${JSON.stringify(told)}: ${problem}`);
  if (/canary(-token|-parameter|callback)/.test(JSON.stringify(told))) {
    account.world.findings.add(6, `a task is told a secret: ${JSON.stringify(told)}`);
  }
  return aboutOf(told).statementId;
};

const problemOf = (token: unknown, told: Told, account: Account): string | undefined => {
  const { redshift, workflows } = account;
  const about = aboutOf(told);
  if (about.state === 'UNKNOWN') return unknownProblem(token, about, told, account);
  const statement = redshift.find(about.statementId);
  if (!statement) return 'there is no such statement';
  const attempt = workflows.attemptOf(token);
  if (!attempt || !mayHave(attempt.request, statement.request)) return 'the statement is of another task';
  if (statement.state !== about.state) return `the statement is ${statement.state}`;
  if (statement.state === 'FINISHED') return rowsProblem(told, statement, attempt.task, account);
  if (told.type === 'success') return 'it did not succeed';
  if (told.error !== statement.state) return `its error should be ${statement.state}`;
  const problem = batchProblem(about, statement);
  if (problem) return problem;
  if (statement.state === 'ABORTED') return reasonProblem(token, statement, about, account);
  const { errorText } = statement;
  const known = [errorText, WITHOUT_TEXT].some((text) => text !== undefined && about.message === text);
  return statement.state === 'FAILED' && !known ? `Redshift's error text is ${errorText}` : undefined;
};

/** Of a batch that could be read: which of its statements has failed, and what stays of it. */
const batchProblem = ({ failedStatement, committed, message }: About, statement: Statement): string | undefined => {
  const { batch } = statement;
  if (!batch || (committed === undefined && message === WITHOUT_TEXT)) return undefined;
  const { failsAt, executionMode } = batch;
  const states = subStatementsOf(statement, batch).map(({ Status }) => Status);
  const finished = [...states.keys()].filter((index) => states[index] === 'FINISHED');
  const isRead = committed !== undefined || statement.state === 'FAILED';
  if (isRead && !isDeepStrictEqual(committed, executionMode === 'TRANSACTION' ? [] : finished))
    return 'what is committed is not what stays';
  const failed = statement.state === 'FAILED' ? subIdOf(statement, failsAt) : undefined;
  return isRead && failedStatement?.statementId !== failed ? 'another of its statements has failed' : undefined;
};

/** Why we have cancelled it, if that is so. */
const reasonProblem = (token: unknown, { id }: Statement, { message = '' }: About, account: Account) => {
  const { overran, claims, world } = account;
  const claim = claims.get(String(token));
  const saysOverrun = message.includes('maxRuntimeSeconds');
  if (saysOverrun && !(claim && hasOverrun(claim, world))) return 'it has not run for too long';
  return !saysOverrun && overran.get(id) === token ? 'it was cancelled because it ran for too long' : undefined;
};

const unknownProblem = (token: unknown, about: About, told: Told, account: Account): string | undefined => {
  if (told.type === 'success') return 'what is unknown is no success';
  const { statementName = '' } = about;
  if (account.claims.get(String(token))?.statementName !== statementName) return 'the statement is of another task';
  return mayBeUnknown(statementName, account) ? undefined : 'its end can be known';
};

const WITHOUT_TEXT = "The statement ended FAILED; Redshift's error text could not be read.";

interface About {
  readonly statementId?: string;
  readonly statementName?: string;
  readonly state?: string;
  readonly message?: string;
  readonly failedStatement?: { readonly statementId: string };
  readonly committed?: readonly number[];
}

const aboutOf = (told: Told): About =>
  told.type === 'success' ? (JSON.parse(told.output) as { detail: About }).detail : (JSON.parse(told.cause) as About);
