import { isOperator, isPathOperator } from '../data/choice-rule.ts';
import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';
import { isExpression } from '../data/jsonata/template.ts';
import { languageOf, PATH_FIELD, TEMPLATES } from './fields.ts';

/** What the validator takes for any expression; its own pattern knows no line ends and no empty texts. */
const ANY_EXPRESSION = '{% 1 %}';
const ANY_PATH = '$';
const ANY_TIME = '2000-01-01T00:00:00Z';

/**
 * The skeleton of a definition, for the validator: where something stands that is right for its place and checked by other means, a
 * stand-in takes its place. For one, the validator knows less of paths and expressions than the language, and takes any field named `Next`
 * or `States` in a payload for a state's; for another, definitions that differ in nothing else need to be validated only once.
 */
export const forValidator = (definition: JsonObject): JsonObject => ({
  ...definition,
  ...(typeof definition.Comment === 'string' ? { Comment: '' } : {}),
  ...(isObject(definition.States) ? { States: mapValues(definition.States, stateForValidator) } : {}),
});

const stateForValidator = (state: Json): Json => {
  if (!isObject(state)) return state;
  const standIn = languageOf(state) === 'JSONata' ? jsonataField : jsonPathField;
  return mapValues(state, (value, field) => {
    if (field === 'Branches' && isList(value)) return value.map(groupForValidator);
    if (field === 'ItemProcessor' || field === 'Iterator') return groupForValidator(value);
    return standIn(field, value);
  });
};

const groupForValidator = (group: Json): Json => (isObject(group) ? forValidator(group) : group);

const jsonPathField = (field: string, value: Json): Json => {
  if (TEMPLATES.includes(field)) return isObject(value) ? {} : value;
  if (field === 'Result') return null;
  if ((PATH_FIELD.test(field) || field === 'ResultPath') && typeof value === 'string') return ANY_PATH;
  if (field === 'Catch') return parts(value, jsonPathField);
  if (field === 'Choices') return parts(value, ruleField);
  return constantField(field, value);
};

const ruleField = (field: string, value: Json): Json => {
  if (field === 'And' || field === 'Or') return parts(value, ruleField);
  if (field === 'Not' && isObject(value)) return mapValues(value, (member, name) => ruleField(name, member));
  if (field === 'Variable' && typeof value === 'string') return ANY_PATH;
  if (!isOperator(field)) return jsonPathField(field, value);
  if (typeof value === 'string') return isPathOperator(field) ? ANY_PATH : 'text';
  return typeof value === 'number' ? 0 : value;
};

const jsonataField = (field: string, value: Json): Json => {
  if (field === 'Output' || field === 'Arguments') return isObject(value) ? {} : ANY_EXPRESSION;
  if (TEMPLATES.includes(field) && isObject(value)) return {};
  if (field === 'Choices' || field === 'Catch') return parts(value, jsonataField);
  if (field === 'Condition' && typeof value === 'boolean') return ANY_EXPRESSION;
  return isExpression(value) ? ANY_EXPRESSION : constantField(field, value);
};

/** Numbers of seconds and the like are at least 1, wherever they stand. */
const constantField = (field: string, value: Json): Json => {
  if (field === 'Retry') return parts(value, (_name, member) => (isPositive(member) ? 1 : member));
  if (field === 'Timestamp' && typeof value === 'string') return ANY_TIME;
  if (['Comment', 'Resource', 'Error', 'Cause'].includes(field)) return typeof value === 'string' ? 'text' : value;
  // A part may be a fraction, which the validator takes for none.
  if (field === 'ToleratedFailurePercentage' && isPercentage(value)) return 1;
  return isPositive(value) ? 1 : value;
};

const isPositive = (value: Json): boolean => typeof value === 'number' && Number.isInteger(value) && value > 0;

const isPercentage = (value: Json): boolean => typeof value === 'number' && value >= 0 && value <= 100;

const parts = (list: Json, change: (name: string, value: Json) => Json): Json =>
  isList(list)
    ? list.map((part) => (isObject(part) ? mapValues(part, (value, name) => change(name, value)) : part))
    : list;

const mapValues = (object: JsonObject, change: (value: Json, name: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
