/** A token of the case: which task's (the iterations of a Map count from 0), and which of its attempts, from 0. */
export interface Token {
  readonly task: number;
  readonly attempt: number;
}

export type TaskStep =
  | { readonly do: 'succeed'; readonly token: Token | 'invalid'; readonly output: string }
  | { readonly do: 'fail'; readonly token: Token | 'invalid'; readonly error: string; readonly cause: string }
  | { readonly do: 'beat'; readonly token: Token | 'invalid' }
  | { readonly do: 'describe'; readonly execution?: 'unknown' | 'malformed' }
  | { readonly do: 'pass'; readonly seconds: number }
  /** Somebody stops the execution; somebody redrives it. */
  | { readonly do: 'stop' | 'redrive' };

/** A workflow of one state that waits for its task, or of a Map of such states. */
export interface TaskCase {
  readonly what: string;
  readonly timeoutSeconds?: number;
  readonly retries?: number;
  /** Before the first retry; each further one waits twice as long. */
  readonly retryAfterSeconds?: number;
  /** Iterations of the Map. */
  readonly siblings?: number;
  readonly steps: readonly TaskStep[];
}

const at = (attempt: number, task = 0): Token => ({ task, attempt });
const succeed = (token: Token | 'invalid' = at(0), output = '{"rows":1}'): TaskStep => ({
  do: 'succeed',
  token,
  output,
});
const fail = (token: Token | 'invalid' = at(0), error = 'FAILED', cause = 'no'): TaskStep => ({
  do: 'fail',
  token,
  error,
  cause,
});
const beat = (token: Token | 'invalid' = at(0)): TaskStep => ({ do: 'beat', token });
const describe: TaskStep = { do: 'describe' };
const pass = (seconds: number): TaskStep => ({ do: 'pass', seconds });
const stop: TaskStep = { do: 'stop' };
const redrive: TaskStep = { do: 'redrive' };

/** All that can be sent with a token. */
const answers = (token: Token | 'invalid' = at(0)) => [beat(token), succeed(token), fail(token)];

const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;
const LARGEST_OUTPUT = 262_144;

const json = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

/**
 * Each case has an execution of its own. That a token is not known yet so soon after its start is not among them: the stage
 * knows tokens at once, and the model forgets them on purpose.
 */
export const TASK_CASES: readonly TaskCase[] = [
  { what: 'a task that waits', steps: [describe, beat(), pass(3_600), beat(), describe] },
  { what: 'a success', steps: [succeed(), describe, ...answers()] },
  { what: 'a failure', steps: [fail(), describe, ...answers()] },
  {
    what: 'a failure, and the retries that follow',
    retries: 2,
    retryAfterSeconds: 10,
    steps: [
      fail(),
      ...answers(),
      describe,
      pass(11),
      beat(at(1)),
      ...answers(at(0)),
      fail(at(1)),
      pass(11),
      ...answers(at(1)),
      describe,
      pass(11),
      succeed(at(2)),
      describe,
    ],
  },
  { what: 'a state that times out', timeoutSeconds: 60, steps: [pass(58), beat(), pass(3), describe, ...answers()] },
  {
    what: 'a state that times out, and its retry',
    timeoutSeconds: 60,
    retries: 1,
    retryAfterSeconds: 5,
    steps: [pass(61), ...answers(at(0)), describe, pass(6), beat(at(1)), describe, succeed(at(1)), describe],
  },
  { what: 'an execution that is stopped', steps: [beat(), stop, describe, ...answers()] },
  {
    what: 'an execution that is stopped between two tries',
    retries: 1,
    retryAfterSeconds: 3_600,
    steps: [fail(), stop, describe, pass(3_700), describe, ...answers()],
  },
  {
    what: 'an execution that is redriven after a failure',
    steps: [fail(), describe, redrive, describe, ...answers(at(0)), beat(at(1)), succeed(at(1)), describe],
  },
  {
    what: 'an execution that is redriven after a stop',
    steps: [stop, describe, redrive, describe, ...answers(at(0)), fail(at(1)), describe, ...answers(at(1))],
  },
  {
    what: 'a Map whose iterations succeed',
    siblings: 2,
    steps: [succeed(at(0, 0)), describe, ...answers(at(0, 0)), beat(at(0, 1)), succeed(at(0, 1)), describe],
  },
  {
    what: 'a Map of which one iteration fails, and takes the other along',
    siblings: 2,
    steps: [fail(at(0, 0)), describe, ...answers(at(0, 1))],
  },
  {
    what: 'a Map that is redriven: what has succeeded is not run again',
    siblings: 2,
    steps: [
      succeed(at(0, 0)),
      fail(at(0, 1)),
      describe,
      redrive,
      describe,
      ...answers(at(0, 1)),
      succeed(at(1, 1)),
      describe,
    ],
  },
  { what: 'what is no token', steps: [...answers('invalid'), describe] },
  {
    what: 'an execution that there never was',
    steps: [
      { do: 'describe', execution: 'unknown' },
      { do: 'describe', execution: 'malformed' },
    ],
  },
  {
    what: 'an output that is none, or too large',
    steps: [
      succeed(at(0), '{"rows":'),
      succeed(at(0), json(LARGEST_OUTPUT + 1)),
      beat(),
      succeed(at(0), json(LARGEST_OUTPUT)),
      describe,
    ],
  },
  {
    what: 'an error or a cause that is too long',
    steps: [
      fail(at(0), 'e'.repeat(LONGEST_ERROR + 1)),
      fail(at(0), 'FAILED', 'c'.repeat(LONGEST_CAUSE + 1)),
      beat(),
      fail(at(0), 'e'.repeat(LONGEST_ERROR), 'c'.repeat(LONGEST_CAUSE)),
      describe,
    ],
  },
];
