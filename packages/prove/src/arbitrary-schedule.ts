import type { DataCheck } from '@sfn-redshift/shared';
import fc from 'fast-check';
import { faultAt, faultsOfMore, neededFaults, PLACES } from './arbitrary-faults.ts';
import {
  type BatchPlan,
  type Life,
  type RowsPlan,
  type Schedule,
  type SessionPlan,
  STRAY_KINDS,
  type StackUpdate,
  type TaskPlan,
} from './schedule.ts';

const HOUR = 3_600;

/** Mostly the good day's value. */
const mostly = <T>(usual: T, others: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

const upTo = (max: number): fc.Arbitrary<number> => fc.nat(max);

const delay = mostly(0, fc.oneof(upTo(5), upTo(200), upTo(10 * HOUR)), 2);

/** What is less the invoker refuses. */
const heartbeatUpTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 180, max });

const life: fc.Arbitrary<Life> = fc.record({
  durationMs: fc.oneof(upTo(200), upTo(40_000), upTo(600_000), upTo(26 * HOUR * 1000)),
  end: fc.constantFrom('FINISHED', 'FINISHED', 'FAILED', 'ABORTED', 'never'),
  deliveries: mostly([0], fc.array(delay, { maxLength: 3 }), 2),
});

/** So much that S3 takes it in two parts. */
const LARGE: RowsPlan = {
  form: 'rows',
  maxRows: null,
  isStored: true,
  check: null,
  count: 4,
  perPage: 2,
  isLarge: true,
};

const check: fc.Arbitrary<DataCheck> = fc.oneof(
  fc.constantFrom<DataCheck>({ type: 'noRows' }, { type: 'someRows' }),
  upTo(6).map((equals) => ({ type: 'count' as const, equals })),
  upTo(6).map((max) => ({ type: 'count' as const, max })),
  // Of the rows of the first statement of an account, or of those after it.
  fc.constantFrom<DataCheck>(
    { type: 'value', max: 1_999 },
    { type: 'value', equals: 1_000 },
    { type: 'value', min: 0 },
  ),
);

const someRows: fc.Arbitrary<RowsPlan> = fc.record<RowsPlan>({
  form: fc.constantFrom('rows', 'rows', 'rows', 'rows', 'column', 'row', 'value', null),
  check: mostly(null, check, 2),
  maxRows: mostly(null, fc.integer({ min: 1, max: 5 })),
  isStored: fc.boolean(),
  count: mostly(1, upTo(6), 1),
  perPage: fc.integer({ min: 1, max: 3 }),
  isLarge: fc.constant(false),
});

const batch: fc.Arbitrary<BatchPlan> = fc.record<BatchPlan>({
  statements: fc.integer({ min: 1, max: 4 }),
  executionMode: fc.constantFrom('TRANSACTION', 'AUTO_COMMIT'),
  failsAt: upTo(3),
});

const session: fc.Arbitrary<SessionPlan> = fc.record<SessionPlan>({
  does: fc.constantFrom('opens', 'uses', 'uses'),
  keepAliveSeconds: mostly(null, fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: HOUR }))),
  isAskedFirst: fc.boolean(),
});

const rows = fc.oneof(
  { weight: 9, arbitrary: someRows },
  { weight: 1, arbitrary: fc.constantFrom(LARGE, { ...LARGE, isStored: false }) },
);

const task: fc.Arbitrary<TaskPlan> = fc.record<TaskPlan>({
  mode: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<TaskPlan['mode'][]>('attempt', 'attempt', 'legacy', 'tokenless') },
    { weight: 1, arbitrary: fc.constant<TaskPlan['mode']>('durable') },
  ),
  sibling: mostly(false, fc.constant(true)),
  sharesKey: mostly(false, fc.constant(true), 7),
  sharesLock: mostly(false, fc.constant(true), 5),
  onRetry: mostly('adopt', fc.constant('restart')),
  onTimeout: mostly('cancel', fc.constant('leave'), 7),
  startMs: upTo(5_000),
  invocation: fc.constantFrom('sync', 'async'),
  repeats: mostly(
    [],
    fc.array(fc.oneof(upTo(3), upTo(120), upTo(10 * HOUR), fc.integer({ min: 7 * HOUR, max: 10 * HOUR })), {
      maxLength: 2,
    }),
    1,
  ),
  timeoutSeconds: mostly(null, fc.integer({ min: 1, max: 900 }), 2),
  heartbeatSeconds: mostly(null, fc.oneof(heartbeatUpTo(900), heartbeatUpTo(3 * HOUR)), 7),
  maxRuntimeSeconds: mostly(
    null,
    fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 24 * HOUR })),
    5,
  ),
  stopAfterSeconds: mostly(null, upTo(900), 5),
  retries: mostly(0, fc.integer({ min: 1, max: 3 }), 1),
  retryAfterSeconds: mostly(2, upTo(120)),
  redriveAfterSeconds: mostly(null, fc.oneof(fc.constant(0), upTo(900)), 4),
  executionEvents: mostly([0], fc.array(delay, { maxLength: 3 }), 2),
  tokenKnownAfterMs: mostly(0, upTo(1_500)),
  refusals: mostly(0, fc.constantFrom(1, 2), 5),
  lives: fc.array(life, { minLength: 1, maxLength: 2 }),
  rows: mostly(null, rows, 2),
  batch: mostly(null, batch, 7),
  session: mostly(null, session, 3),
});

const skew = mostly(0, fc.integer({ min: -2_000, max: 2_000 }));

const retentionDays = fc.integer({ min: 1, max: 7 });

const update: fc.Arbitrary<StackUpdate> = fc.record({
  afterSeconds: fc.oneof(upTo(5), upTo(900), upTo(10 * HOUR)),
  retentionDays,
  invokerTimeoutSeconds: fc.integer({ min: 10, max: 120 }),
  drainTimeoutSeconds: fc.integer({ min: 10, max: 120 }),
  batchSize: fc.integer({ min: 1, max: 10 }),
  maxConcurrency: fc.integer({ min: 2, max: 10 }),
  hasNewerInvoker: fc.boolean(),
});

/** With quick heartbeats a statement of a day takes a thousand runs of the sweep, which tell no more than some tens. */
const MOST_HEARTBEATS = 30;

const withFewHeartbeats = (schedule: Schedule): Schedule => {
  const lives = schedule.tasks.flatMap((plan) => plan.lives);
  const longest = Math.max(...lives.map(({ end, durationMs }) => (end === 'never' ? 24 * HOUR : durationMs / 1000)));
  const least = Math.ceil(longest / MOST_HEARTBEATS);
  const slowed = (seconds: number | null) => (seconds === null ? null : Math.max(seconds, least));
  return {
    ...schedule,
    tasks: schedule.tasks.map((plan) => ({ ...plan, heartbeatSeconds: slowed(plan.heartbeatSeconds) })),
  };
};

const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  tasks: fc.array(task, { minLength: 1, maxLength: 4 }),
  faults: fc.array(faultAt(PLACES), { maxLength: 12, size: 'max' }),
  messages: fc.array(fc.record({ afterMs: upTo(60_000), kind: fc.constantFrom(...STRAY_KINDS) }), { maxLength: 3 }),
  skewMs: fc.record({ invoker: skew, drain: skew, sweep: skew }),
  latencySeed: fc.nat(),
  overlappingSweeps: mostly(false, fc.constant(true)),
  isSweepOff: mostly(false, fc.constant(true), 7),
  retentionDays,
  updates: mostly([], fc.array(update, { minLength: 1, maxLength: 2 })),
  ttlLagHours: upTo(48),
  indexLagMs: mostly(0, upTo(5_000)),
});

const asDurable = (plan: TaskPlan): TaskPlan =>
  plan.mode === 'durable' ? { ...plan, executionEvents: [], redriveAfterSeconds: null, tokenKnownAfterMs: 0 } : plan;

/** Nobody looks at the rows of what fails. */
const withRows = (plan: TaskPlan): TaskPlan =>
  plan.rows
    ? { ...plan, lives: plan.lives.map((of) => ({ ...of, end: of.end === 'never' ? 'never' : 'FINISHED' })) }
    : plan;

/** The first that has a session opens it, or there would be none to use. */
const withOpenedSession = (schedule: Schedule): Schedule => {
  const first = schedule.tasks.find(({ session: plan }) => plan);
  const opening = (plan: TaskPlan) =>
    plan === first && plan.session
      ? { ...plan, startMs: 0, session: { ...plan.session, does: 'opens' as const } }
      : plan;
  return { ...schedule, tasks: schedule.tasks.map(opening) };
};

/** One that asks for the same work as another asks for the same rows. */
const withSameWork = (schedule: Schedule): Schedule => {
  const keyed = schedule.tasks.find(({ sharesKey }) => sharesKey);
  const sibling = schedule.tasks.find((plan) => plan.sibling);
  const like = (plan: TaskPlan) => (plan.sharesKey ? keyed : plan.sibling ? sibling : plan) ?? plan;
  const same = (plan: TaskPlan) => ({
    rows: like(plan).rows ?? null,
    batch: like(plan).batch ?? null,
    session: plan.sharesKey || plan.sibling ? null : (plan.session ?? null),
  });
  return { ...schedule, tasks: schedule.tasks.map((plan) => withRows(asDurable({ ...plan, ...same(plan) }))) };
};

export const arbitrarySchedule: fc.Arbitrary<Schedule> = fc
  .tuple(anySchedule.map(withSameWork).map(withOpenedSession), faultsOfMore)
  .map(([schedule, faults]) => ({ ...schedule, faults: [...schedule.faults, ...neededFaults(schedule.tasks, faults)] }))
  .map(withFewHeartbeats);
