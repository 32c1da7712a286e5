import { randomUUID } from 'node:crypto';
import { validationError } from '../errors.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import { withoutLeadingComments } from '../sql/statement-shape.ts';
import { isReadyScript, READY_SCRIPTS } from './ready-scripts.ts';
import { scriptedResultSet } from './result-set.ts';
import { END_STATES, type Script, type ScriptedEnd, type SqlMatch, type StatementScript } from './script.ts';

const FIELDS: readonly (keyof StatementScript)[] = [
  ...(['sql', 'like', 'uses', 'durationMs', 'state', 'error', 'columns', 'rows', 'affectedRows', 'event'] as const),
];

/** Checks a script, which may come from JSON. @throws AwsError `ValidationException` naming what is wrong */
export const readScript = (given: StatementScript): Script => {
  const { sql, like, ...own } = given;
  const unknown = Object.keys(given).find((field) => !(FIELDS as readonly string[]).includes(field));
  if (unknown) throw validationError(`${unknown} is no field of a script`);
  if (like !== undefined && !isReadyScript(like))
    throw validationError(`like must be one of ${Object.keys(READY_SCRIPTS).join(', ')}`);
  const script: Omit<StatementScript, 'sql'> = { ...(like && READY_SCRIPTS[like]), ...own };
  checkNumbers(script);
  if (typeof (script.event ?? true) !== 'boolean') throw validationError('event must be true or false');
  const { durationMs = 0, event = true } = script;
  return { id: randomUUID(), matches: matcher(sql), durationMs, end: endOf(script), hasEvent: event };
};

const checkNumbers = (script: Omit<StatementScript, 'sql'>): void => {
  for (const [field, least] of [
    ['uses', 1],
    ['durationMs', 0],
    ['affectedRows', 0],
  ] as const) {
    const value: unknown = script[field];
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) >= least))
      throw validationError(`${field} must be a whole number of at least ${least}`);
  }
};

const matcher = (sql: SqlMatch | undefined): Script['matches'] => {
  if (typeof sql === 'string' && sql.trim() !== '') {
    const own = withoutLeadingComments(sql).trim();
    return (text) => withoutLeadingComments(text).trim() === own;
  }
  // A pattern with the flag g or y would begin where it has left off.
  if (sql instanceof RegExp) return (text) => text.search(sql) >= 0 || withoutLeadingComments(text).search(sql) >= 0;
  const part = (sql as { contains?: unknown } | null | undefined)?.contains;
  if (typeof part === 'string' && part !== '') return (text) => text.includes(part);
  throw validationError('sql must be a text, { contains: TEXT } or a pattern');
};

const endOf = (script: Omit<StatementScript, 'sql'>): ScriptedEnd => {
  const { error, state = error === undefined ? 'FINISHED' : 'FAILED' } = script;
  if (!END_STATES.includes(state)) throw validationError(`state must be one of ${END_STATES.join(', ')}`);
  if (error !== undefined && (typeof error !== 'string' || error === '')) throw validationError('error must be a text');
  const isFinished = state === 'FINISHED';
  if (isFinished && error !== undefined) throw validationError('a script that ends FINISHED has no error');
  if (!isFinished && (script.columns ?? script.rows ?? script.affectedRows) !== undefined)
    throw validationError(`a script that ends ${state} has no columns, rows or affectedRows`);
  if (isFinished) return { state, outcome: outcomeOf(script) };
  if (state === 'ABORTED') return { state, ...(error !== undefined && { error }) };
  if (error === undefined) throw validationError('a script that ends FAILED needs an error');
  return { state, error };
};

const outcomeOf = ({ columns, rows = [], affectedRows }: Omit<StatementScript, 'sql'>): QueryOutcome => {
  if (columns === undefined) {
    if (rows.length > 0) throw validationError('rows need columns');
    return { rows: affectedRows, bytes: 0 };
  }
  if (affectedRows !== undefined) throw validationError('affectedRows is for a statement without columns');
  checkShape(columns, rows);
  const resultSet = scriptedResultSet(columns, rows);
  const bytes = resultSet.rows.flat().reduce((sum, cell) => sum + (cell === null ? 0 : Buffer.byteLength(cell)), 0);
  return { rows: rows.length, bytes, resultSet };
};

/** What TypeScript knows and JSON does not. */
const checkShape = (columns: unknown, rows: unknown): void => {
  const isColumn = (column: unknown) =>
    ['name', 'type'].every((field) => typeof (column as Record<string, unknown> | null)?.[field] === 'string');
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isColumn))
    throw validationError('columns must be a list of { name, type }, not empty');
  const isValue = (value: unknown) =>
    value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row) && row.every(isValue)))
    throw validationError('rows must be a list of lists of texts, numbers, booleans and nulls');
};
