import assert from 'node:assert/strict';
import type { Answer, Ended, Told } from './told.ts';

/** The only one. */
export const only = <T>(things: readonly T[]): T => {
  assert.equal(things.length, 1);
  return things[0] as T;
};

/** What is told of a statement that has finished. */
export interface FinishedOutput {
  readonly detail: { readonly statementId: string; readonly statementName: string; readonly rows: number };
}

/** That an execution of one statement, or more, succeeded; its output. */
export const succeeded = <T = FinishedOutput>({ status, error, cause, output }: Ended): T => {
  assert.deepEqual({ status, error, cause }, { status: 'SUCCEEDED', error: undefined, cause: undefined });
  return output as T;
};

/** That an execution failed by a name, and what its cause says. */
export const failed = ({ status, error, cause }: Ended, name: string, says?: RegExp): void => {
  assert.deepEqual({ status, error }, { status: 'FAILED', error: name }, cause);
  if (says) assert.match(cause ?? '', says);
};

export const refused = ({ error, message }: Answer, name: string, says: RegExp): void => {
  assert.equal(error, name, message);
  assert.match(message ?? '', says);
};

export const answered = ({ error, message, body }: Answer): Readonly<Record<string, unknown>> => {
  assert.equal(error, undefined, message);
  return body;
};

export const executions = (...ended: readonly Ended[]): Told => ({ executions: ended, answers: [], stacks: [] });
export const answers = (...given: readonly Answer[]): Told => ({ executions: [], answers: given, stacks: [] });

/** As many different ones as there are. */
export const allDifferent = (ids: readonly unknown[]): void => {
  assert.equal(new Set(ids).size, ids.length);
};
