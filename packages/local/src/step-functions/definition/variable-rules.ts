import { isObject, type Json, type JsonObject } from '../data/json.ts';
import { groupsIn, listOf, statesOf } from './groups.ts';

const NAME = /^\p{ID_Start}\p{ID_Continue}*$/u;
/** Characters. */
const LONGEST_NAME = 80;
const RESERVED = 'states';

/** What is wrong with the variables that a group of states sets; one text for each violation. */
export const variableViolations = (group: JsonObject, outer: ReadonlySet<string> = new Set()): readonly string[] => {
  const states = statesOf(group);
  const own = new Set(states.flatMap(({ state }) => assignedIn(state)));
  const seen = new Set([...outer, ...own]);
  return states.flatMap(({ name, state }) => [
    ...assignedIn(state).flatMap((variable) => inName(variable, outer, name)),
    ...groupsIn(state).flatMap((inner) => variableViolations(inner, seen)),
  ]);
};

const inName = (variable: string, outer: ReadonlySet<string>, state: string): readonly string[] => {
  const problem = problemOf(variable, outer);
  return problem === undefined
    ? []
    : [`SCHEMA_VALIDATION_FAILED: The variable name '${variable}' ${problem} at /States/${state}/Assign`];
};

const problemOf = (variable: string, outer: ReadonlySet<string>): string | undefined => {
  if (variable === RESERVED) return 'is reserved';
  if (!NAME.test(variable) || [...variable].length > LONGEST_NAME) return 'is not valid';
  return outer.has(variable) ? 'is in use in an outer scope' : undefined;
};

/** By the state itself, its rules and its catchers. */
const assignedIn = (state: JsonObject): readonly string[] =>
  [state, ...listOf(state.Choices), ...listOf(state.Catch)].flatMap(({ Assign }) =>
    namesIn(Assign, state.QueryLanguage !== 'JSONata'),
  );

const namesIn = (assign: Json | undefined, isJsonPath: boolean): readonly string[] =>
  isObject(assign) ? Object.keys(assign).map((name) => (isJsonPath ? name.replace(/\.\$$/, '') : name)) : [];
