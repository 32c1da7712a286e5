import { setImmediate as nextTurn } from 'node:timers/promises';
import { isTooLarge, type Json } from '../data/json.ts';
import type { State, StateGroup } from '../definition/states.ts';
import { dataLimitExceeded, RuntimeProblem, StateError } from '../errors.ts';
import { inputDetails, outputDetails } from '../history.ts';
import type { Flow } from './flow.ts';
import { runParallel } from './parallel-state.ts';
import { runChoice, runFail, runPass, runSucceed } from './simple-states.ts';
import { runTask } from './task-state.ts';
import type { Outcome, Visit } from './visit.ts';
import { runWait } from './wait-state.ts';

/**
 * Runs states from `StartAt` on until one ends the line; resolves with its output.
 *
 * @throws StateError when a state fails and nothing catches it
 * @throws the reason of the flow's signal when it is aborted
 */
export const runStates = async (group: StateGroup, input: Json, flow: Flow): Promise<Json> => {
  let step: Outcome = { output: input, next: group.StartAt };
  while (step.next !== undefined) {
    // A loop of states that wait for nothing must not hold up the rest of the stage.
    await nextTurn();
    const state = group.States[step.next];
    if (!state) throw new StateError('States.Runtime', `There is no state '${step.next}'`);
    step = await runState(step.next, state, step.output, flow);
  }
  return step.output;
};

const runState = async (name: string, state: State, input: Json, flow: Flow): Promise<Outcome> => {
  flow.enter(state.Type, { stateEnteredEventDetails: { name, ...inputDetails(JSON.stringify(input)) } });
  const enteredEventId = flow.lastEventId;
  const enteredTime = new Date(flow.frame.clock.now()).toISOString();
  try {
    const outcome = await dispatch(state, { name, flow, input, enteredTime, retryCount: 0 });
    if (isTooLarge(outcome.output)) throw dataLimitExceeded(name);
    flow.exit(state.Type, { stateExitedEventDetails: { name, ...outputDetails(JSON.stringify(outcome.output)) } });
    return outcome;
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error;
    throw new StateError(
      'States.Runtime',
      `An error occurred while executing the state '${name}' (entered at the event id #${enteredEventId}). ${error.message}`,
    );
  }
};

const dispatch = (state: State, visit: Visit): Outcome | Promise<Outcome> => {
  switch (state.Type) {
    case 'Pass':
      return runPass(state, visit);
    case 'Task':
      return runTask(state, visit);
    case 'Parallel':
      return runParallel(state, visit, runStates);
    case 'Choice':
      return runChoice(state, visit);
    case 'Wait':
      return runWait(state, visit);
    case 'Succeed':
      return runSucceed(state, visit);
    case 'Fail':
      return runFail(state, visit);
  }
};
