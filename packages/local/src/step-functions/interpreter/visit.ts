import type { Json, JsonObject } from '../data/json.ts';
import { readPath, type Scope } from '../data/path.ts';
import { fillTemplate } from '../data/payload-template.ts';
import { placeAt } from '../data/reference-path.ts';
import type { Flow } from './flow.ts';

/** What a state hands on; without `next` its line of states ends. */
export interface Outcome {
  readonly output: Json;
  readonly next: string | undefined;
}

/** A state being run: from its entry, through its retries, to its exit. */
export interface Visit {
  readonly name: string;
  readonly flow: Flow;
  /** As the state was entered with it, before `InputPath`. */
  readonly input: Json;
  /** ISO 8601. */
  readonly enteredTime: string;
  retryCount: number;
}

export const contextOf = ({ flow, name, enteredTime, retryCount }: Visit, taskToken?: string): JsonObject => ({
  ...flow.frame.context,
  State: { EnteredTime: enteredTime, Name: name, RetryCount: retryCount },
  ...(taskToken === undefined ? {} : { Task: { Token: taskToken } }),
});

interface InputFields {
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
}

interface OutputFields {
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
}

/** What `InputPath` chooses, and what paths of the state are read from. */
export const scopeOf = (state: InputFields, visit: Visit, context = contextOf(visit)): Scope => ({
  input: select(state.InputPath, { input: visit.input, context }),
  context,
});

/** `InputPath`, then `Parameters`. */
export const effectiveInput = (state: InputFields, scope: Scope): Json =>
  state.Parameters === undefined ? scope.input : fillTemplate(state.Parameters, scope);

/** `ResultSelector`, `ResultPath` and `OutputPath`, in this order. */
export const effectiveOutput = (state: OutputFields, visit: Visit, result: Json, context = contextOf(visit)): Json => {
  const selected =
    state.ResultSelector === undefined ? result : fillTemplate(state.ResultSelector, { input: result, context });
  const placed = withResult(state.ResultPath, visit.input, selected);
  return select(state.OutputPath, { input: placed, context });
};

/** @param path `$` by default: the result is the output; `null`: the input is */
export const withResult = (path: string | null | undefined, input: Json, result: Json): Json =>
  path === null ? input : placeAt(path ?? '$', input, result);

const select = (path: string | null | undefined, scope: Scope): Json => {
  if (path === null) return {};
  return path === undefined ? scope.input : readPath(path, scope);
};
