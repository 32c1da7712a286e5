import { holds } from '../data/choice-rule.ts';
import type { Json } from '../data/json.ts';
import type { Scope } from '../data/path.ts';
import { readExpression } from '../data/payload-template.ts';
import type { ChoiceState, FailState, PassState, SucceedState } from '../definition/states.ts';
import { StateError } from '../errors.ts';
import { effectiveInput, effectiveOutput, type Outcome, scopeOf, type Visit } from './visit.ts';

export const runPass = (state: PassState, visit: Visit): Outcome => {
  const result = state.Result ?? effectiveInput(state, scopeOf(state, visit));
  return { output: effectiveOutput(state, visit, result), next: state.Next };
};

export const runSucceed = (state: SucceedState, visit: Visit): Outcome => ({
  output: passedOn(state, visit, scopeOf(state, visit)),
  next: undefined,
});

/** @throws StateError always */
export const runFail = (state: FailState, visit: Visit): never => {
  const scope = scopeOf({}, visit);
  const textOf = (field: string, text: string | undefined, path: string | undefined): string | undefined => {
    if (path === undefined) return text;
    const value: Json = readExpression(field, path, scope);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  throw new StateError(
    textOf('ErrorPath', state.Error, state.ErrorPath),
    textOf('CausePath', state.Cause, state.CausePath),
  );
};

/** @throws StateError `States.NoChoiceMatched` */
export const runChoice = (state: ChoiceState, visit: Visit): Outcome => {
  const scope = scopeOf(state, visit);
  const next = state.Choices.find((rule) => holds(rule, scope))?.Next ?? state.Default;
  if (next === undefined)
    throw new StateError(
      'States.NoChoiceMatched',
      `No choice of the state '${visit.name}' matched, and it has no Default`,
    );
  return { output: passedOn(state, visit, scope), next };
};

/** What states without a result hand on: what `InputPath` chose, through `OutputPath`. */
export const passedOn = (state: { readonly OutputPath?: string | null }, visit: Visit, { input }: Scope): Json =>
  effectiveOutput(state.OutputPath === undefined ? {} : { OutputPath: state.OutputPath }, visit, input);
