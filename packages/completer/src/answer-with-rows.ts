import { names, type ResultRequest, type RowsTold, type TaskResult, type TrackingItem } from '@sfn-redshift/shared';
import { type BesideEvent, entryOf } from './beside-event.ts';
import type { AnswerDependencies } from './dependencies.ts';
import type { Reading, RowsFailure } from './result/read-result.ts';
import type { Wait } from './settlement.ts';
import type { Ending } from './statement-ending.ts';
import { resultFailureAnswer, successAnswer } from './task-answer.ts';

/** Whether the task has asked for rows, or for a look at them. */
export const wantsRows = ({ result, check }: TrackingItem): boolean => (result ?? check) !== undefined;

type KnownBeside = Exclude<BesideEvent, Wait>;

/**
 * What the task of a finished statement is told that wants more than to know of its end; or a while to wait.
 * @param beside what it is told anyhow
 */
export const answerWithRows = async (
  ending: Ending,
  beside: KnownBeside,
  dependencies: AnswerDependencies,
): Promise<TaskResult | Wait> => {
  const { item } = beside;
  if (item.batch && item.result)
    return await answerOfBatch(ending, { item, result: item.result }, beside, dependencies);
  const { readCheck, readResult } = await import('./result/read-result.ts');
  const source = { owner: item, statementId: ending.event.statementId };
  const { check, result } = item;
  const told: { -readonly [N in keyof RowsTold]?: RowsTold[N] } = {};
  if (check) {
    const stateName = item.attempt?.state;
    const reading = await readCheck({ ...source, ...(stateName && { stateName }) }, check, ending, dependencies);
    if (reading.type !== 'read') return otherwise(reading, ending, item);
    told.check = reading.read;
  }
  if (result) {
    const reading = await readResult(source, result, ending, dependencies);
    if (reading.type !== 'read') return otherwise(reading, ending, item);
    told.result = reading.read;
  }
  return successAnswer(ending, item, { ...beside.more, ...told });
};

/** Of a batch every statement that has rows is told with them. */
const answerOfBatch = async (
  ending: Ending,
  { item, result }: { readonly item: TrackingItem; readonly result: ResultRequest },
  { more, statements }: KnownBeside,
  dependencies: AnswerDependencies,
): Promise<TaskResult | Wait> => {
  if (!statements) return resultFailureAnswer(ending, item, BATCH_UNREADABLE);
  const { readResult } = await import('./result/read-result.ts');
  const entries = [];
  for (const [index, statement] of statements.entries()) {
    const { statementId, hasResult } = statement;
    if (!hasResult) {
      entries.push(entryOf(statement));
      continue;
    }
    const reading = await readResult({ owner: item, statementId }, result, ending, dependencies);
    if (reading.type === 'wait') return reading;
    if (reading.type === 'failed') return resultFailureAnswer(ending, item, ofStatement(index, reading.failure));
    entries.push({ ...entryOf(statement), result: reading.read });
  }
  return successAnswer(ending, item, { ...more, statements: entries });
};

const BATCH_UNREADABLE: RowsFailure = {
  error: names.ERROR_NAMES.resultUnreadable,
  message:
    'The batch finished, but its rows could not be read: Redshift does not tell which of its statements have some.',
  details: {},
};

const ofStatement = (index: number, failure: RowsFailure): RowsFailure => ({
  ...failure,
  details: { ...failure.details, statement: index },
});

const otherwise = (
  reading: Exclude<Reading<never>, { type: 'read' }>,
  ending: Ending,
  item: TrackingItem,
): TaskResult | Wait => (reading.type === 'wait' ? reading : resultFailureAnswer(ending, item, reading.failure));
