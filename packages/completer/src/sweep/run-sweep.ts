import { names, type TrackingItem, threadOf } from '@sfn-redshift/shared';
import { startDeadline } from '../deadline.ts';
import { errorEvidenceOf } from '../error-evidence.ts';
import { checkStatement } from './check-statement.ts';
import type { SweepDependencies } from './dependencies.ts';
import { dueRanges, rangesBeyond, type Window } from './due-ranges.ts';
import { inBatches } from './in-batches.ts';
import type { OpenStatement } from './open-statements.ts';
import { watchedIn } from './watched.ts';
import { beginningOf, finished, nextPass, type Pass, stoppedAt, type Watermark } from './watermark.ts';

/** So many statements are looked at side by side. */
const BATCH_SIZE = 20;

/** What a batch is given at least; of a function with little time, half of that. */
const BATCH_MS = 15_000;

/** The work ends this much before the function's deadline, so that it can be noted how far it has come. */
const RESERVE_MS = 5_000;
const RESERVE_SHARE = 0.2;

interface Run {
  readonly dependencies: SweepDependencies;
  /** Whether another batch may be begun. */
  readonly hasTime: () => boolean;
  /** The same, of those that every run looks at: however many they are, half of the time is for the others. */
  readonly hasTimeToWatch: () => boolean;
  readonly timeUp: Promise<never>;
}

/**
 * Looks at every open statement that is watched, then at those that have come due since the last run, as far as the time
 * goes; the next run goes on from there. Runs may overlap: they share no state but the watermark, and closing an item is conditional.
 * @param remainingMs gives the time that the invocation has left
 */
export const runSweep = async (remainingMs: () => number, dependencies: SweepDependencies): Promise<void> => {
  const wholeMs = remainingMs();
  const leastMs = Math.min(BATCH_MS, wholeMs / 2);
  const deadline = startDeadline(wholeMs - Math.min(RESERVE_MS, wholeMs * RESERVE_SHARE));
  try {
    const run = {
      // Whatever takes longer would keep all that is due waiting.
      dependencies: { ...dependencies, until: dependencies.now() + wholeMs - leastMs },
      hasTime: () => remainingMs() >= leastMs,
      hasTimeToWatch: () => remainingMs() >= Math.max(leastMs, wholeMs / 2),
      timeUp: deadline.reached,
    };
    await makeRun(run);
  } finally {
    deadline.clear();
  }
};

const makeRun = async (run: Run): Promise<void> => {
  const { watermark: row, now } = run.dependencies;
  const until = now();
  const watermark = await row.read();
  await watch({ after: beginningOf(watermark, until), until }, run);
  await makePasses(watermark, until, run);
};

const watch = async (window: Window, run: Run): Promise<void> => {
  const { open, telemetry } = run.dependencies;
  const isWanted = watchedIn(window);
  for await (const batch of inBatches(open.watched(), BATCH_SIZE)) {
    if (!run.hasTimeToWatch()) {
      telemetry.count(names.METRICS.sweepUnfinished);
      telemetry.warn('time is over before all that is watched was looked at', { position: batch[0].startedAt });
      return;
    }
    await checkBatch(batch, isWanted, run);
  }
};

const makePasses = async (before: Watermark | undefined, until: number, run: Run): Promise<void> => {
  const { watermark: row, telemetry } = run.dependencies;
  let watermark = before;
  for (let pass = nextPass(watermark, until); pass; pass = nextPass(watermark, until)) {
    watermark = await makePass(pass, run);
    const moved = await row.move(watermark);
    if (!moved) telemetry.info('another run has come further');
    if (!watermark.pass) continue;
    telemetry.count(names.METRICS.sweepUnfinished);
    telemetry.warn('time is over before all that was due was looked at', { position: watermark.pass.position });
    return;
  }
};

const makePass = async (pass: Pass, run: Run): Promise<Watermark> => {
  const due = run.dependencies.open.startedWithin(rangesBeyond(dueRanges(pass), pass.position));
  for await (const batch of inBatches(due, BATCH_SIZE)) {
    if (!run.hasTime()) return stoppedAt(pass, batch[0].startedAt - 1);
    await checkBatch(batch, () => true, run);
  }
  return finished(pass);
};

type IsWanted = (item: TrackingItem) => boolean;

const checkBatch = (batch: readonly OpenStatement[], isWanted: IsWanted, run: Run): Promise<unknown> =>
  Promise.all(batch.map((statement) => checkAlone(statement, isWanted, run)));

/** Whatever goes wrong with one, the others are looked at, and it will be due again. */
const checkAlone = async (
  statement: OpenStatement,
  isWanted: IsWanted,
  { dependencies, timeUp }: Run,
): Promise<void> => {
  try {
    await Promise.race([checkStatement(statement, isWanted, dependencies), timeUp]);
  } catch (error) {
    const { telemetry } = dependencies;
    const { owner } = statement;
    telemetry.count(names.METRICS.sweepCheckFailed);
    telemetry.error('statement could not be looked at', { owner, ...threadOf(statement), ...errorEvidenceOf(error) });
  }
};
