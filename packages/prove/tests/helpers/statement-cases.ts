/** What becomes of a statement. */
export interface Life {
  readonly minutes: number;
  readonly end: 'FINISHED' | 'FAILED' | 'ABORTED';
}

/** Which role asks: the one that most statements belong to, in whatever session, or another one. */
export type Role = 'owner' | 'other';

/** Statements are named by the order in which the case started them, from 0. */
type Which = number | 'unknown';

export type StatementStep =
  | ({ readonly do: 'execute'; readonly as?: Role; readonly name: string; readonly token: string } & StartOptions)
  | { readonly do: 'result'; readonly as?: Role; readonly which: Which; readonly place?: number }
  | { readonly do: 'session'; readonly as?: Role; readonly of: Which }
  | { readonly do: 'describe'; readonly as?: Role; readonly which: Which; readonly waitSeconds?: number }
  | { readonly do: 'cancel'; readonly as?: Role; readonly which: Which }
  | ({ readonly do: 'list'; readonly as?: Role; readonly name: string } & ListOptions)
  | { readonly do: 'event'; readonly which: number }
  | { readonly do: 'pass'; readonly minutes: number };

export interface StartOptions {
  readonly life?: Life;
  /** A new one, or that of another statement. */
  readonly session?: { readonly of?: Which; readonly keepAliveSeconds?: number };
  /** Two statements: the first gives a row, the second changes three, and meets the end. */
  readonly batch?: 'TRANSACTION' | 'AUTO_COMMIT';
}

interface ListOptions {
  readonly status?: 'ALL' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';
  readonly size?: number;
  /** From where the last page ended. */
  readonly next?: true;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const HOURS: Life = { minutes: 5 * HOUR, end: 'FINISHED' };

const execute = (name: string, token: string, life?: Life, as?: Role): StatementStep => ({
  do: 'execute',
  name,
  token,
  ...(life && { life }),
  ...(as && { as }),
});
const describe = (which: Which, as?: Role): StatementStep => ({ do: 'describe', which, ...(as && { as }) });
const awaitEnd = (which: Which): StatementStep => ({ do: 'describe', which, waitSeconds: 30 });
const cancel = (which: Which, as?: Role): StatementStep => ({ do: 'cancel', which, ...(as && { as }) });
const list = (name: string, options: ListOptions = {}, as?: Role): StatementStep => ({
  do: 'list',
  name,
  status: 'ALL',
  ...options,
  ...(as && { as }),
});
const pass = (minutes: number): StatementStep => ({ do: 'pass', minutes });
const event = (which: number): StatementStep => ({ do: 'event', which });

const start = (name: string, token: string, options: StartOptions): StatementStep => ({
  do: 'execute',
  name,
  token,
  ...options,
});
/** Of a batch that of the statement at a place, from 1. */
const result = (which: Which, place?: number, as?: Role): StatementStep => ({
  do: 'result',
  which,
  ...(place !== undefined && { place }),
  ...(as && { as }),
});
const session = (of: Which, as?: Role): StatementStep => ({ do: 'session', of, ...(as && { as }) });

const LONGEST_NAME = 2048;
const LONGEST_TOKEN = 64;

/** Each case has names, tokens and statements of its own. Name and token may be padded: `a*2048`. */
export const STATEMENT_CASES: readonly (readonly [string, readonly StatementStep[]])[] = [
  ['a statement that runs', [execute('a', 't', HOURS), describe(0), pass(HOUR), describe(0)]],
  ...(['FINISHED', 'FAILED', 'ABORTED'] as const).map(
    (end) =>
      [
        `a statement that ends ${end}, its event, and its last day`,
        [
          execute('a', 't', { minutes: HOUR, end }),
          pass(HOUR + 1),
          describe(0),
          event(0),
          pass(DAY - HOUR),
          describe(0),
          cancel(0),
        ],
      ] as const,
  ),
  [
    'a statement that has ended long ago',
    [
      execute('a', 't', { minutes: 1, end: 'FINISHED' }),
      pass(DAY - 1),
      list('a'),
      pass(3),
      describe(0),
      describe(0, 'other'),
      cancel(0),
      list('a'),
      pass(8 * DAY),
      describe(0),
    ],
  ],
  ['what there never was', [describe('unknown'), awaitEnd('unknown'), cancel('unknown'), list('a')]],
  ['a description that waits in vain', [execute('a', 't', { minutes: 3 * DAY, end: 'FINISHED' }), awaitEnd(0)]],
  ['a description that waits for the end', [execute('a', 't', { minutes: 0.1, end: 'FAILED' }), awaitEnd(0)]],
  ['a description that need not wait', [execute('a', 't'), pass(1), awaitEnd(0)]],
  [
    'a client token that is known, whatever else is asked for',
    [execute('a', 't', HOURS), execute('a', 't', HOURS), execute('b', 't', HOURS), execute('a', 'u', HOURS), list('')],
  ],
  [
    'the client token of a statement that has ended, or was cancelled',
    [
      execute('a', 't'),
      pass(1),
      execute('a', 't', HOURS),
      execute('b', 'u', HOURS),
      cancel(1),
      execute('b', 'u', HOURS),
      describe(1),
      list(''),
    ],
  ],
  [
    'a client token after seven hours and after eight',
    [execute('a', 't', HOURS), pass(7 * HOUR), execute('a', 't', HOURS), pass(HOUR + 1), execute('a', 't', HOURS)],
  ],
  [
    'the client token of another role',
    [execute('a', 't', HOURS), execute('a', 't', HOURS, 'other'), list('a'), list('a', {}, 'other')],
  ],
  [
    'a name and a token that are as long as they may be, and longer',
    [
      execute(`n*${LONGEST_NAME}`, `t*${LONGEST_TOKEN}`, HOURS),
      execute(`n*${LONGEST_NAME + 1}`, 'u', HOURS),
      execute('a', `t*${LONGEST_TOKEN + 1}`, HOURS),
      list(`n*${LONGEST_NAME}`),
    ],
  ],
  [
    'a cancel, once and twice',
    [execute('a', 't', HOURS), pass(1), cancel(0), describe(0), cancel(0), pass(1), event(0), list('a')],
  ],
  [
    'a cancel of what would have failed',
    [execute('a', 't', { minutes: HOUR, end: 'FAILED' }), cancel(0), describe(0), pass(2 * HOUR), describe(0)],
  ],
  [
    'the statements of another role',
    [execute('a', 't', HOURS), describe(0, 'other'), cancel(0, 'other'), list('a', {}, 'other'), describe(0)],
  ],
  [
    'a list by name, which is the beginning of others, the newest first',
    [execute('a', 't', HOURS), execute('ab', 'u', HOURS), execute('b', 'v', HOURS), execute('a', 'w', HOURS)]
      .flatMap((step) => [step, pass(1)])
      .concat(list('a'), list('ab'), list('A'), list('c')),
  ],
  [
    'a list by state, and without one',
    [
      execute('a', 't'),
      execute('a', 'u', { minutes: 0, end: 'FAILED' }),
      execute('a', 'v', { minutes: 0, end: 'ABORTED' }),
      execute('a', 'w', HOURS),
      pass(1),
      ...(['ALL', 'STARTED', 'FINISHED', 'FAILED', 'ABORTED'] as const).map((status) => list('a', { status })),
      { do: 'list', name: 'a' },
    ],
  ],
  [
    'a list, page by page',
    [
      ...['t', 'u', 'v', 'w', 'x'].map((token) => execute('a', token, HOURS)),
      list('a', { size: 2 }),
      list('a', { size: 2, next: true }),
      list('a', { size: 2, next: true }),
      list('a', { size: 5 }),
      list('a', { size: 100 }),
    ],
  ],
  [
    'the rows of a statement',
    [
      execute('a', 't'),
      execute('b', 'u', { minutes: 0, end: 'FAILED' }),
      execute('c', 'v', HOURS),
      pass(1),
      ...([0, 1, 2, 'unknown'] as const).map((which) => result(which)),
      result(0, 1),
      result(0, undefined, 'other'),
      pass(DAY + 1),
      result(0),
    ],
  ],
  ...(['TRANSACTION', 'AUTO_COMMIT'] as const).flatMap((batch) =>
    (['FINISHED', 'FAILED', 'ABORTED'] as const).map(
      (end) =>
        [
          `a batch of mode ${batch} that ends ${end}`,
          [
            start('a', 't', { batch, life: { minutes: HOUR, end } }),
            pass(HOUR + 1),
            describe(0),
            event(0),
            ...[undefined, 1, 2].map((place) => result(0, place)),
          ],
        ] as const,
    ),
  ),
  [
    'a batch that is cancelled',
    [start('a', 't', { batch: 'TRANSACTION', life: HOURS }), pass(1), cancel(0), describe(0)],
  ],
  [
    'a session that is opened, free, busy and closed',
    [
      start('a', 't', { session: { keepAliveSeconds: 300 } }),
      pass(0.1),
      session(0),
      describe(0),
      start('b', 'u', { session: { of: 0 }, life: HOURS }),
      session(0),
      start('c', 'v', { session: { of: 0 } }),
      cancel(1),
      session(0),
      pass(3),
      start('d', 'w', { session: { of: 0, keepAliveSeconds: 60 } }),
      pass(2),
      session(0),
      start('e', 'x', { session: { of: 0 } }),
      describe(0),
    ],
  ],
  [
    "a session that there never was, one that was not to stay, and another role's",
    [
      start('a', 't', { session: { of: 'unknown' } }),
      session('unknown'),
      start('b', 'u', { session: { keepAliveSeconds: 60 } }),
      pass(0.1),
      session(0, 'other'),
      { ...start('c', 'v', { session: { of: 0 } }), as: 'other' } as StatementStep,
      start('d', 'w', { session: { of: 0, keepAliveSeconds: 0 } }),
      pass(0.1),
      session(0),
    ],
  ],
];
