import fc from 'fast-check';
import {
  FAULT_KINDS,
  type Fault,
  type Life,
  type RowsPlan,
  type Schedule,
  STRAY_KINDS,
  type StackUpdate,
  type TaskPlan,
} from './schedule.ts';

const HOUR = 3_600;

/** Requests that can go wrong. The account knows more; what no handler calls is no use here. */
const PLACES = [
  'invoker.invoke',
  'invoker.PutItem',
  'invoker.ExecuteStatement',
  'invoker.UpdateItem',
  'invoker.GetItem',
  'invoker.Query',
  'invoker.SendTaskHeartbeat',
  'invoker.DescribeStatement',
  'invoker.CancelStatement',
  'invoker.SendMessage',
  'drain.GetItem',
  'drain.SendTaskSuccess',
  'drain.SendTaskFailure',
  'drain.UpdateItem',
  'drain.SendMessage',
  'drain.AssumeRole',
  'drain.DescribeStatement',
  'drain.Query',
  'drain.CancelStatement',
  'sweep.invoke',
  'sweep.Query',
  'sweep.GetItem',
  'sweep.UpdateItem',
  'sweep.AssumeRole',
  'sweep.ListStatements',
  'sweep.DescribeStatement',
  'sweep.SendTaskSuccess',
  'sweep.SendTaskFailure',
  'sweep.SendTaskHeartbeat',
  'sweep.DescribeExecution',
  'sweep.CancelStatement',
  'queue.DeleteMessage',
] as const;

/** The same of requests that only rows need. */
const PLACES_OF_ROWS = [
  'drain.AssumeRole',
  'drain.GetStatementResult',
  'drain.GetStatementResult',
  'drain.PutObject',
  'drain.CreateMultipartUpload',
  'drain.UploadPart',
  'drain.CompleteMultipartUpload',
  'drain.AbortMultipartUpload',
  'sweep.GetStatementResult',
  'sweep.PutObject',
] as const;

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
const LARGE: RowsPlan = { form: 'rows', maxRows: null, isStored: true, count: 4, perPage: 2, isLarge: true };

const someRows: fc.Arbitrary<RowsPlan> = fc.record<RowsPlan>({
  form: fc.constantFrom('rows', 'rows', 'rows', 'rows', 'column', 'row', 'value'),
  maxRows: mostly(null, fc.integer({ min: 1, max: 5 })),
  isStored: fc.boolean(),
  count: mostly(1, upTo(6), 1),
  perPage: fc.integer({ min: 1, max: 3 }),
  isLarge: mostly(false, fc.constant(true), 49),
});

const rows = fc.oneof({ weight: 9, arbitrary: someRows }, { weight: 1, arbitrary: fc.constant(LARGE) });

const task: fc.Arbitrary<TaskPlan> = fc.record<TaskPlan>({
  mode: fc.constantFrom('attempt', 'attempt', 'legacy', 'tokenless'),
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
});

const faultAt = (places: readonly string[], latest = 5): fc.Arbitrary<Fault> =>
  fc.record({
    place: fc.constantFrom(...places),
    n: upTo(latest),
    kind: fc.constantFrom(...FAULT_KINDS),
    times: fc.integer({ min: 1, max: 4 }),
    seconds: upTo(60),
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

const faultsOfRows = fc.array(faultAt(PLACES_OF_ROWS, 2), { maxLength: 4, size: 'max' });

/** What only some requests need goes wrong only where there are some. */
const withFaultsOfRows = ([schedule, faults]: readonly [Schedule, readonly Fault[]]): Schedule =>
  schedule.tasks.some(({ rows: plan }) => plan) ? { ...schedule, faults: [...schedule.faults, ...faults] } : schedule;

/** Nobody looks at the rows of what fails. */
const withRows = (plan: TaskPlan): TaskPlan =>
  plan.rows
    ? { ...plan, lives: plan.lives.map((of) => ({ ...of, end: of.end === 'never' ? 'never' : 'FINISHED' })) }
    : plan;

/** One that asks for the same work as another asks for the same rows. */
const withSameWork = (schedule: Schedule): Schedule => {
  const keyed = schedule.tasks.find(({ sharesKey }) => sharesKey);
  const sibling = schedule.tasks.find((plan) => plan.sibling);
  const like = (plan: TaskPlan) => (plan.sharesKey ? keyed : plan.sibling ? sibling : plan) ?? plan;
  return { ...schedule, tasks: schedule.tasks.map((plan) => withRows({ ...plan, rows: like(plan).rows ?? null })) };
};

export const arbitrarySchedule: fc.Arbitrary<Schedule> = fc
  .tuple(anySchedule, faultsOfRows)
  .map(withFaultsOfRows)
  .map(withSameWork)
  .map(withFewHeartbeats);
