import { NotSupportedError } from '../../common/aws-error.ts';
import { pathsOf } from '../data/choice-rule.ts';
import { type Expression, InvalidCall, isIntrinsic, parseIntrinsic } from '../data/intrinsic-expression.ts';
import { INTRINSICS } from '../data/intrinsics.ts';
import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';
import { InvalidPath, parsePath } from '../data/path.ts';
import { notSupported } from '../errors.ts';
import { checkJsonata } from './expressions-jsonata.ts';
import { languageOf, PATH_FIELD, TEMPLATES } from './fields.ts';
import { allStatesOf, listOf } from './groups.ts';

/** Told of each violation: what it is, and where it stands, such as `/States/S/Parameters`. */
export type Report = (violation: string, at: string) => void;

/**
 * What is wrong with the paths and expressions of a definition; one text for each violation.
 *
 * @throws NotSupportedError for paths of a dialect that the stage does not read
 */
export const expressionViolations = (definition: JsonObject): readonly string[] => {
  const violations: string[] = [];
  const report: Report = (violation, at) => violations.push(`SCHEMA_VALIDATION_FAILED: ${violation} at ${at}`);
  for (const { name, state } of allStatesOf(definition)) {
    const check = languageOf(state) === 'JSONata' ? checkJsonata : checkJsonPath;
    naming(name, () => check(state, `/States/${name}`, report));
  }
  return violations;
};

const naming = (state: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof NotSupportedError)) throw error;
    throw notSupported(`state '${state}': ${error.message.replace(/ is not supported .*$/, '')}`);
  }
};

/** Fields that hold fields. */
const HOLDERS = ['ItemBatcher'];

const checkFields = (fields: JsonObject, at: string, report: Report): void => {
  for (const [field, value] of Object.entries(fields)) {
    if (HOLDERS.includes(field) && isObject(value)) checkFields(value, `${at}/${field}`, report);
    if (TEMPLATES.includes(field) && !isObject(value)) report('A payload template must be an object', `${at}/${field}`);
    if (TEMPLATES.includes(field)) checkTemplate(value, `${at}/${field}`, report);
    if (PATH_FIELD.test(field) && typeof value === 'string') checkPathField(field, value, at, report);
  }
};

const checkJsonPath = (state: JsonObject, at: string, report: Report): void => {
  checkFields(state, at, report);
  checkResultPath(state, at, report);
  for (const [index, catcher] of listOf(state.Catch).entries()) {
    checkResultPath(catcher, `${at}/Catch[${index}]`, report);
    checkTemplate(catcher.Assign ?? {}, `${at}/Catch[${index}]/Assign`, report);
  }
  for (const [index, rule] of listOf(state.Choices).entries()) {
    for (const path of pathsOf(rule)) checkPath(path, `${at}/Choices[${index}]`, report);
    checkTemplate(rule.Assign ?? {}, `${at}/Choices[${index}]/Assign`, report);
  }
};

/** Some fields may also hold a call. */
const checkPathField = (field: string, value: string, at: string, report: Report): void => {
  if (/^(?:Error|Cause)Path$/.test(field) && isIntrinsic(value)) {
    if (!isCall(value))
      report(`The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`, at);
  } else checkPath(value, `${at}/${field}`, report);
};

const checkPath = (path: string, at: string, report: Report): void => {
  if (!isPath(path)) report(`Value is not a valid JSONPath: ${path}`, at);
};

const checkResultPath = ({ ResultPath: path }: JsonObject, at: string, report: Report): void => {
  if (typeof path !== 'string') return;
  const read = isPath(path) ? parsePath(path) : undefined;
  if (read?.root !== 'input' || !read.steps) report(`Value is not a Reference Path: ${path}`, `${at}/ResultPath`);
};

const checkTemplate = (template: Json, at: string, report: Report): void => {
  if (isList(template)) for (const [index, item] of template.entries()) checkTemplate(item, `${at}[${index}]`, report);
  if (!isObject(template)) return;
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith('.$') && Object.hasOwn(template, name.slice(0, -2)))
      report(`A duplicate field will exist after renaming to strip the ".$" suffix from: ${name}`, at);
    if (!name.endsWith('.$')) checkTemplate(value, `${at}/${name}`, report);
    else if (typeof value !== 'string' || !(isIntrinsic(value) ? isCall(value) : isPath(value)))
      report(`The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`, at);
  }
};

const isPath = (text: string): boolean => {
  try {
    parsePath(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidPath) return false;
    throw error;
  }
};

const isCall = (text: string): boolean => {
  try {
    return areKnown(parseIntrinsic(text));
  } catch (error) {
    if (error instanceof InvalidCall) return false;
    throw error;
  }
};

/** Are there such functions, and do they take so many arguments? */
const areKnown = (expression: Expression): boolean => {
  if (expression.kind === 'literal') return true;
  if (expression.kind === 'path') return isPath(expression.path);
  const [least, most] = INTRINSICS.get(expression.name)?.takes ?? [1, 0];
  const { args } = expression;
  return args.length >= least && args.length <= most && args.every(areKnown);
};
