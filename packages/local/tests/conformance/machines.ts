import type { Definition } from './case.ts';

export type State = Readonly<Record<string, unknown>>;

const INVOKE = 'arn:aws:states:::lambda:invoke';
const WITHOUT_END = ['Succeed', 'Fail', 'Choice'];

/** States that start with the first of them. */
export const machine = (states: Readonly<Record<string, State>>): Definition => ({
  StartAt: Object.keys(states)[0],
  States: states,
});

export const jsonata = (states: Readonly<Record<string, State>>): Definition => ({
  QueryLanguage: 'JSONata',
  ...machine(states),
});

const ending = (state: State): State =>
  WITHOUT_END.includes(String(state.Type)) || 'Next' in state ? state : { ...state, End: true };

/** A machine with one state, `Only`. */
export const only = (state: State): Definition => machine({ Only: ending(state) });
export const onlyJsonata = (state: State): Definition => jsonata({ Only: ending(state) });

export const pass = (fields: State = {}): State => ({ Type: 'Pass', ...fields });

/** Invokes `fn` with the state's input; the function's answer is the output. */
export const task = (fields: State = {}): State => ({
  Type: 'Task',
  Resource: INVOKE,
  Parameters: { FunctionName: 'fn', 'Payload.$': '$' },
  OutputPath: '$.Payload',
  ...fields,
});

export const jsonataTask = (fields: State = {}): State => ({
  Type: 'Task',
  Resource: INVOKE,
  Arguments: { FunctionName: 'fn', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...fields,
});

/** Hands `fn` the token, and waits. */
export const callback = (fields: State = {}): State => ({
  Type: 'Task',
  Resource: `${INVOKE}.waitForTaskToken`,
  Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } },
  ...fields,
});

export const jsonataCallback = (fields: State = {}): State => ({
  Type: 'Task',
  Resource: `${INVOKE}.waitForTaskToken`,
  Arguments: { FunctionName: 'fn', Payload: { token: '{% $states.context.Task.Token %}' } },
  ...fields,
});

/** The state, as `Only`, and `After`, where its Catch may lead. */
export const caught = (state: State, after: State = { Type: 'Pass', End: true }): Definition =>
  machine({ Only: ending(state), After: after });
export const caughtJsonata = (state: State, after: State = { Type: 'Pass', End: true }): Definition =>
  jsonata({ Only: ending(state), After: after });
