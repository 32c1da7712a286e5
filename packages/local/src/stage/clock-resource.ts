import { AwsError } from '../common/aws-error.ts';
import type { StageClock } from '../common/clock.ts';
import type { StageResource } from '../gateway/stage-paths.ts';

/** The clock over HTTP: GET tells the time, POST `{ "advanceMs": 60000 }` moves it forward; both answer with it. */
export const clockResource = (clock: StageClock): StageResource => ({
  GET: () => timeOf(clock),
  POST: ({ input: { advanceMs } }) => {
    if (!Number.isSafeInteger(advanceMs) || Number(advanceMs) < 0)
      throw new AwsError('ValidationException', 'advanceMs must be a whole number of milliseconds, not below 0');
    clock.advance(Number(advanceMs));
    return timeOf(clock);
  },
});

const timeOf = (clock: StageClock) => ({ now: new Date(clock.now()).toISOString() });
