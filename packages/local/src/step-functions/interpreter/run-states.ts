import { setImmediate as nextTurn } from 'node:timers/promises';
import { isTooLarge, type Json, type JsonObject } from '../data/json.ts';
import type { State, StateGroup } from '../definition/states.ts';
import { dataLimitExceeded, RuntimeProblem, StateError } from '../errors.ts';
import { inputDetails, outputDetails } from '../history.ts';
import type { Flow, Standing } from './flow.ts';
import { JsonataVisit } from './jsonata-visit.ts';
import { JsonPathVisit } from './jsonpath-visit.ts';
import { runMap } from './map-state.ts';
import { runParallel } from './parallel-state.ts';
import { runChoice, runFail, runPass, runSucceed, runWait } from './simple-states.ts';
import { runTask } from './task-state.ts';
import type { Entry, Outcome, Visit } from './visit.ts';

/**
 * Runs states from `StartAt` on, or from where the flow goes on, until one ends the line; resolves with its output.
 *
 * @throws StateError when a state fails and nothing catches it
 * @throws the reason of the flow's signal when it is aborted
 */
export const runStates = async (group: StateGroup, input: Json, flow: Flow): Promise<Json> => {
  const { standing, step: taken } = flow.resumption;
  let resumed = standing;
  let step = resumed
    ? { output: resumed.input, next: resumed.name }
    : (taken ?? { output: input, next: group.StartAt });
  while (step.next !== undefined) {
    // A loop of states that wait for nothing must not hold up the rest of the stage.
    await nextTurn();
    const state = group.States[step.next];
    if (!state) throw new StateError('States.Runtime', `There is no state '${step.next}'`);
    step = await runState(state, resumed ?? enter(step.next, state, step.output, flow), flow);
    resumed = undefined;
  }
  return flow.finish(step.output);
};

const enter = (name: string, { Type: type }: State, input: Json, flow: Flow): Standing =>
  flow.enter(name, type, input, { stateEnteredEventDetails: { name, ...inputDetails(JSON.stringify(input)) } });

const runState = async (state: State, standing: Standing, flow: Flow): Promise<Outcome> => {
  const { name, input, enteredEventId, enteredTime } = standing;
  try {
    const outcome = await dispatch({ name, state, flow, input, enteredEventId, enteredTime });
    if (isTooLarge(outcome.output)) throw dataLimitExceeded(name);
    leave(state, name, outcome, flow);
    return outcome;
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error;
    throw new StateError(
      'States.Runtime',
      `An error occurred while executing the state '${name}' (entered at the event id #${enteredEventId}). ${error.message}`,
    );
  }
};

const leave = ({ Type: type }: State, name: string, outcome: Outcome, flow: Flow): void => {
  const { output, assigned } = outcome;
  const details = { name, ...outputDetails(JSON.stringify(output)), ...assignedDetails(assigned) };
  flow.exit(type, outcome, { stateExitedEventDetails: details });
  if (assigned) flow.variables.assign(assigned);
};

/** As AWS's histories show it: each value as JSON text. */
const assignedDetails = (assigned: JsonObject = {}): Readonly<Record<string, unknown>> => {
  const values = Object.entries(assigned).map(([variable, value]) => [variable, JSON.stringify(value)]);
  if (values.length === 0) return {};
  return { assignedVariables: Object.fromEntries(values), assignedVariablesDetails: { truncated: false } };
};

const dispatch = (entry: Entry): Promise<Outcome> => {
  const { state } = entry;
  switch (state.Type) {
    case 'Pass':
      return runPass(visitOf(entry, state));
    case 'Task':
      return runTask(visitOf(entry, state));
    case 'Parallel':
      return runParallel(visitOf(entry, state), runStates);
    case 'Map':
      return runMap(visitOf(entry, state), runStates);
    case 'Choice':
      return runChoice(visitOf(entry, state));
    case 'Wait':
      return runWait(visitOf(entry, state));
    case 'Succeed':
      return runSucceed(visitOf(entry, state));
    case 'Fail':
      return runFail(visitOf(entry, state));
  }
};

/** In the language of the state. */
const visitOf = <S extends State>(entry: Entry, state: S): Visit<S> =>
  state.QueryLanguage === 'JSONata'
    ? new JsonataVisit<S>({ ...entry, state })
    : new JsonPathVisit<S>({ ...entry, state });
