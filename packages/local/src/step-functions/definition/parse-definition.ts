import aslValidator from 'asl-validator';
import { isObject, type Json, parseJson } from '../data/json.ts';
import { invalidDefinition } from '../errors.ts';
import { violationsOf } from './rules.ts';
import type { MachineDefinition } from './states.ts';
import { refuseUnsupported } from './supported.ts';

/** The validator takes some tenths of a second, and a deployment asks twice: before it starts, and when it creates the machine. */
const checked = new Map<string, MachineDefinition>();
const MOST_CHECKED = 100;

/**
 * A state machine's definition, ready to run.
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
  refuseProblems(problemsOf(given));
  refuseUnsupported(given);
  // The validator has checked this against its schema of the language.
  const definition = given as unknown as MachineDefinition;
  refuseProblems(violationsOf(definition));
  return definition;
};

const refuseProblems = (problems: readonly string[]): void => {
  if (problems.length > 0) throw invalidDefinition(problems.join(', '));
};

/** Resources are not for the validator: it knows neither every partition nor what the stage can call. */
const problemsOf = (definition: Json): readonly string[] => {
  const { errors } = aslValidator(structuredClone(definition), { checkPaths: true, checkArn: false });
  return errors.map((error) => `${error['Error code']}: ${error.Message.trim()}`);
};
