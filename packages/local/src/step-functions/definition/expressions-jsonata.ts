import jsonata from 'jsonata';
import { isList, isObject, type Json, type JsonObject, textOf } from '../data/json.ts';
import { expressionOf, isExpression } from '../data/jsonata/template.ts';
import type { Report } from './expressions.ts';
import { FIELDS } from './fields.ts';
import { listOf } from './groups.ts';

/** What of a state is not for expressions, or is looked at in parts. */
const APART = ['Type', 'Comment', 'QueryLanguage', 'Next', 'Default', 'Retry', 'Branches', 'ItemProcessor', 'Iterator'];
const RESULTS = ['Assign', 'Output'];
/** Types of states that have a result. */
const WORKING = ['Task', 'Parallel', 'Map'];

/** Members of `$states` that are there in some places only. */
type Member = 'result' | 'errorOutput';

export const checkJsonata = (state: JsonObject, at: string, report: Report): void => {
  const fields = FIELDS.JSONata.states[textOf(state.Type)] ?? [];
  const hasResult = WORKING.includes(textOf(state.Type));
  for (const [field, value] of Object.entries(state)) {
    if (!fields.includes(field) || APART.includes(field)) continue;
    if (field === 'Choices') checkParts(value, `${at}/Choices`, [], report);
    else if (field === 'Catch') checkParts(value, `${at}/Catch`, ['errorOutput'], report);
    else checkField(value, `${at}/${field}`, hasResult && RESULTS.includes(field) ? ['result'] : [], report);
  }
  if (isExpression(state.Resource)) report('Resource must be a constant', `${at}/Resource`);
};

const checkParts = (parts: Json, at: string, members: readonly Member[], report: Report): void => {
  for (const [index, { Next: _next, ErrorEquals: _names, Comment: _comment, ...part }] of listOf(parts).entries())
    checkField(part, `${at}[${index}]`, members, report);
};

const checkField = (value: Json, at: string, members: readonly Member[], report: Report): void => {
  if (isExpression(value)) checkExpression(expressionOf(value), at, members, report);
  else if (isList(value))
    for (const [index, item] of value.entries()) checkField(item, `${at}[${index}]`, members, report);
  else if (isObject(value))
    for (const [name, member] of Object.entries(value)) checkField(member, `${at}/${name}`, members, report);
};

const checkExpression = (expression: string, at: string, members: readonly Member[], report: Report): void => {
  const [, absent] = /\$states\.(result|errorOutput)\b/.exec(expression) ?? [];
  if (absent !== undefined && !members.some((member) => member === absent))
    report(`$states.${absent} is not available in this field`, at);
  try {
    jsonata(expression);
  } catch (error) {
    const { message } = error as { readonly message?: string };
    report(`The JSONata expression is not valid: ${message ?? 'it cannot be read'}`, at);
  }
};
