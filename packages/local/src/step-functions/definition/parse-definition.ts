import aslValidator from 'asl-validator';
import { isObject, type Json, parseJson } from '../data/json.ts';
import { invalidDefinition } from '../errors.ts';
import type { MachineDefinition } from './states.ts';
import { refuseUnsupported } from './supported.ts';

/**
 * A state machine's definition, ready to run.
 *
 * @param text JSON
 * @throws AwsError `InvalidDefinition` for what is no valid definition
 * @throws NotSupportedError naming state and field, for what the stage does not run
 */
export const parseDefinition = (text: string): MachineDefinition => {
  const definition = parseJson(text);
  if (!isObject(definition)) throw invalidDefinition('INVALID_JSON_DESCRIPTION: The definition is not a JSON object');
  const problems = problemsOf(definition);
  if (problems.length > 0) throw invalidDefinition(problems.join(', '));
  refuseUnsupported(definition);
  // The validator has checked this against its schema of the language.
  return definition as unknown as MachineDefinition;
};

/** Resources are not for the validator: it knows neither every partition nor what the stage can call. */
const problemsOf = (definition: Json): readonly string[] => {
  const { errors } = aslValidator(structuredClone(definition), { checkPaths: true, checkArn: false });
  return errors.map((error) => `${error['Error code']}: ${error.Message.trim()}`);
};
