import { isOperator } from '../data/choice-rule.ts';
import { isObject, type JsonObject, textOf } from '../data/json.ts';
import { notSupported } from '../errors.ts';
import { BRANCH, FIELDS, languageOf, MACHINE, RETRIER } from './fields.ts';
import { groupsIn, listOf, type NamedState, statesOf } from './groups.ts';
import { refuseResource } from './task-resource.ts';

/** @throws NotSupportedError naming the state and the field, for what the validator lets pass and the stage cannot run */
export const refuseUnsupported = (definition: JsonObject): void => {
  refuseFields('the state machine', definition, MACHINE);
  for (const state of statesOf(definition)) refuseInState(state);
};

const refuseInState = ({ name, state }: NamedState): void => {
  const where = `state '${name}'`;
  const { states, rule: ruleFields, catcher: catcherFields } = FIELDS[languageOf(state)];
  const fields = states[textOf(state.Type)];
  if (!fields) throw notSupported(`${where}: Type ${textOf(state.Type)}`);
  refuseFields(where, state, fields);
  for (const rule of listOf(state.Choices)) refuseInRule(`${where}: Choices`, rule, ruleFields);
  for (const retrier of listOf(state.Retry)) refuseFields(`${where}: Retry`, retrier, RETRIER);
  for (const catcher of listOf(state.Catch)) refuseFields(`${where}: Catch`, catcher, catcherFields);
  if (state.Type === 'Task') refuseResource(where, state);
  for (const group of groupsIn(state)) {
    refuseFields(`${where}: Branches`, group, BRANCH);
    for (const inner of statesOf(group)) refuseInState(inner);
  }
};

const refuseInRule = (where: string, rule: JsonObject, fields: readonly string[]): void => {
  refuseFields(where, rule, fields, isOperator);
  for (const part of [...listOf(rule.And), ...listOf(rule.Or), ...(isObject(rule.Not) ? [rule.Not] : [])])
    refuseInRule(where, part, fields);
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
