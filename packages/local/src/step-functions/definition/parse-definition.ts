import { isObject, parseJson } from '../data/json.ts';
import { invalidDefinition } from '../errors.ts';
import { expressionViolations } from './expressions.ts';
import { fieldViolations } from './field-rules.ts';
import { withLanguages } from './query-languages.ts';
import { violationsOf } from './rules.ts';
import type { MachineDefinition } from './states.ts';
import { structureViolations } from './structure.ts';
import { refuseUnsupported } from './supported.ts';
import { validatorProblems } from './validator.ts';
import { variableViolations } from './variable-rules.ts';

/** A deployment asks twice: before it starts, and when it creates the machine. */
const checked = new Map<string, MachineDefinition>();
const MOST_CHECKED = 100;

/**
 * A state machine's definition, ready to run: each state has its query language.
 *
 * @param text JSON
 * @throws AwsError `InvalidDefinition` for what is no valid definition
 * @throws NotSupportedError naming state and field, for what the stage does not run
 */
export const parseDefinition = (text: string): MachineDefinition => {
  const known = checked.get(text);
  if (known) return known;
  const definition = check(text);
  const [oldest] = checked.keys();
  if (oldest !== undefined && checked.size >= MOST_CHECKED) checked.delete(oldest);
  checked.set(text, definition);
  return definition;
};

const check = (text: string): MachineDefinition => {
  const given = parseJson(text);
  if (!isObject(given)) throw invalidDefinition('INVALID_JSON_DESCRIPTION: The definition is not a JSON object');
  refuseProblems(structureViolations(given));
  const problems: string[] = [];
  const inLanguages = withLanguages(given, (problem) => problems.push(problem));
  refuseProblems(problems);
  refuseProblems(validatorProblems(inLanguages));
  refuseProblems(fieldViolations(inLanguages));
  refuseProblems(expressionViolations(inLanguages));
  refuseProblems(variableViolations(inLanguages));
  // The validator has checked this against its schema of the language.
  const definition = inLanguages as unknown as MachineDefinition;
  refuseProblems(violationsOf(definition));
  refuseUnsupported(inLanguages);
  return definition;
};

const refuseProblems = (problems: readonly string[]): void => {
  if (problems.length > 0) throw invalidDefinition(problems.join(', '));
};
