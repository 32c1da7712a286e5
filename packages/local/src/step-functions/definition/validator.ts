import aslValidator from 'asl-validator';
import type { JsonObject } from '../data/json.ts';
import { forValidator } from './for-validator.ts';

/** The validator compiles its schemas anew each time, which takes some tenths of a second: each skeleton is validated once. */
const validated = new Map<string, readonly string[]>();
const MOST_VALIDATED = 1000;

/** What the validator has to say of a definition; one text for each problem. */
export const validatorProblems = (definition: JsonObject): readonly string[] => {
  const skeleton = forValidator(definition);
  const text = JSON.stringify(skeleton);
  const known = validated.get(text);
  if (known) return known;
  const problems = validate(skeleton);
  if (validated.size >= MOST_VALIDATED) validated.clear();
  validated.set(text, problems);
  return problems;
};

/** Resources are not for the validator: it knows neither every partition nor what the stage can call. */
const validate = (skeleton: JsonObject): readonly string[] => {
  const { errors } = aslValidator(skeleton, { checkPaths: false, checkArn: false });
  return errors.map((error) => `${error['Error code']}: ${error.Message.trim()}`);
};
