import { isOperator, pathsOf } from '../data/choice-rule.ts';
import { type Expression, isIntrinsic, parseIntrinsic } from '../data/intrinsic-expression.ts';
import { INTRINSICS } from '../data/intrinsics.ts';
import { isList, isObject, type Json, type JsonObject, textOf } from '../data/json.ts';
import { parsePath } from '../data/path.ts';
import { notSupported } from '../errors.ts';
import { refuseResource } from './task-resource.ts';

const ANY = ['Type', 'Comment', 'QueryLanguage'];
const PATHS = [...ANY, 'InputPath', 'OutputPath'];
const ONWARD = [...PATHS, 'Next', 'End'];
const WORK = [...ONWARD, 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'];

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...ONWARD, 'Result', 'Parameters', 'ResultPath'],
  Task: [...WORK, ...LIMITS, 'Resource', 'Credentials'],
  Parallel: [...WORK, 'Branches'],
  Choice: [...PATHS, 'Choices', 'Default'],
  Wait: [...ONWARD, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: PATHS,
  Fail: [...ANY, 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

const MACHINE = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
const RULE = ['Next', 'And', 'Or', 'Not', 'Variable', 'Comment'];
const RETRIER = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
const CATCHER = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];

const TEMPLATES = ['Parameters', 'ResultSelector', 'Credentials'];

/** Fields that hold one path, or one intrinsic function's call. */
const EXPRESSIONS = /^(?:Input|Output|Seconds|Timestamp|TimeoutSeconds|HeartbeatSeconds|Error|Cause)Path$/;

/** @throws NotSupportedError naming the state and the field, for what the validator lets pass and the stage cannot run */
export const refuseUnsupported = (definition: JsonObject): void => {
  refuseFields('the state machine', definition, MACHINE);
  refuseQueryLanguage('the state machine', definition);
  refuseInStates(definition);
};

const refuseInStates = (group: JsonObject): void => {
  for (const [name, state] of Object.entries(group.States as JsonObject))
    refuseInState(`state '${name}'`, state as JsonObject);
};

const refuseInState = (where: string, state: JsonObject): void => {
  const type = textOf(state.Type);
  const fields = FIELDS[type];
  if (!fields) throw notSupported(`${where}: Type ${type}`);
  refuseQueryLanguage(where, state);
  refuseFields(where, state, fields);
  for (const [field, value] of Object.entries(state)) refuseInField(`${where}: ${field}`, field, value);
  if (type === 'Task') refuseResource(where, state);
  for (const branch of listOf(state.Branches)) {
    refuseFields(`${where}: Branches`, branch, ['StartAt', 'States', 'Comment']);
    refuseInStates(branch);
  }
};

const refuseInField = (where: string, field: string, value: Json): void => {
  if (EXPRESSIONS.test(field) && typeof value === 'string') refuseExpression(where, value);
  if (field === 'ResultPath' && typeof value === 'string') refuseResultPath(where, value);
  if (TEMPLATES.includes(field)) refuseInTemplate(where, value);
  if (field === 'Choices') for (const rule of listOf(value)) refuseInRule(where, rule);
  if (field === 'Retry') for (const retrier of listOf(value)) refuseFields(where, retrier, RETRIER);
  if (field === 'Catch') for (const catcher of listOf(value)) refuseInCatcher(where, catcher);
};

const refuseInCatcher = (where: string, catcher: JsonObject): void => {
  refuseFields(where, catcher, CATCHER);
  if (typeof catcher.ResultPath === 'string') refuseResultPath(where, catcher.ResultPath);
};

const refuseInRule = (where: string, rule: JsonObject): void => {
  refuseFields(where, rule, RULE, isOperator);
  for (const path of pathsOf(rule)) refuseExpression(where, path);
  for (const part of [...listOf(rule.And), ...listOf(rule.Or), ...(isObject(rule.Not) ? [rule.Not] : [])])
    refuseInRule(where, part);
};

const refuseInTemplate = (where: string, template: Json): void => {
  if (isList(template)) for (const item of template) refuseInTemplate(where, item);
  if (!isObject(template)) return;
  for (const [name, value] of Object.entries(template))
    if (name.endsWith('.$') && typeof value === 'string') refuseExpression(`${where}.${name}`, value);
    else refuseInTemplate(`${where}.${name}`, value);
};

const refuseResultPath = (where: string, path: string): void => {
  const { root, steps } = naming(where, () => parsePath(path));
  if (root === 'context' || !steps) throw notSupported(`${where}: the reference path '${path}'`);
};

const refuseExpression = (where: string, text: string): void =>
  naming(where, () => {
    if (isIntrinsic(text)) refuseCall(parseIntrinsic(text));
    else parsePath(text);
  });

const refuseCall = (expression: Expression): void => {
  if (expression.kind === 'path') parsePath(expression.path);
  if (expression.kind !== 'call') return;
  if (!INTRINSICS.has(expression.name)) throw notSupported(`The intrinsic function ${expression.name}`);
  expression.args.forEach(refuseCall);
};

const refuseQueryLanguage = (where: string, { QueryLanguage: language = 'JSONPath' }: JsonObject): void => {
  if (language !== 'JSONPath') throw notSupported(`${where}: QueryLanguage ${textOf(language)}`);
};

const refuseFields = (
  where: string,
  given: JsonObject,
  known: readonly string[],
  alsoKnown: (field: string) => boolean = () => false,
): void => {
  const refused = Object.keys(given).find((field) => !known.includes(field) && !alsoKnown(field));
  if (refused) throw notSupported(`${where}: ${refused}`);
};

const naming = <T>(where: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw notSupported(`${where}: ${error instanceof Error ? error.message.replace(/ is not supported .*$/, '') : ''}`);
  }
};

const listOf = (value: Json | undefined): readonly JsonObject[] => (isList(value) ? value.filter(isObject) : []);
