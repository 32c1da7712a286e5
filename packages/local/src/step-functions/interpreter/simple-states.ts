import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from '../definition/states.ts';
import { RuntimeProblem, StateError } from '../errors.ts';
import type { Outcome, Visit } from './visit.ts';

export const runPass = async (visit: Visit<PassState>): Promise<Outcome> =>
  visit.succeed(await visit.result(), visit.state.Next);

export const runSucceed = (visit: Visit<SucceedState>): Promise<Outcome> => visit.succeed(undefined, undefined);

/** @throws StateError always */
export const runFail = async (visit: Visit<FailState>): Promise<never> => {
  throw new StateError(await visit.text('Error'), await visit.text('Cause'));
};

/** @throws StateError `States.NoChoiceMatched` */
export const runChoice = async (visit: Visit<ChoiceState>): Promise<Outcome> => {
  const { Choices: rules, Default } = visit.state;
  const rule = await visit.choose(rules);
  const next = rule?.Next ?? Default;
  if (next !== undefined) return visit.chosen(rule, next);
  throw new StateError(
    'States.NoChoiceMatched',
    `No choice of the state '${visit.name}' matched, and it has no Default`,
  );
};

/** 24,855 days and some hours: as many seconds as a signed number of 32 bits counts. */
const LONGEST_DELAY_MS = (2 ** 31 - 1) * 1000;

export const runWait = async (visit: Visit<WaitState>): Promise<Outcome> => {
  const { frame, signal } = visit.flow;
  const delay = await visit.delay();
  const delayMs = 'seconds' in delay ? delay.seconds * 1000 : delay.untilMs - frame.clock.now();
  if (delayMs > LONGEST_DELAY_MS) throw new RuntimeProblem('Wait state delay is too long.');
  await frame.clock.sleep(delayMs, signal);
  return visit.succeed(undefined, visit.state.Next);
};
