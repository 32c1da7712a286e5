import { AwsError } from '../common/aws-error.ts';
import type { StageClock } from '../common/clock.ts';
import type { StageRequest, StageResource } from '../gateway/stage-paths.ts';

/**
 * The clock over HTTP: GET tells the time, and when the next thing falls due; POST `{ "advanceMs": 60000 }` or `{ "to": "2026-01-31T12:00:00Z" }`
 * moves it forward. Both answer with it.
 */
export const clockResource = (clock: StageClock): StageResource => ({
  GET: () => timeOf(clock),
  POST: ({ input }) => {
    clock.advance(advanceIn(input, clock.now()));
    return timeOf(clock);
  },
});

const advanceIn = ({ advanceMs, to, ...others }: StageRequest['input'], now: number): number => {
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw invalid(`${unknown} is not known; advanceMs and to are`);
  if ((advanceMs === undefined) === (to === undefined)) throw invalid('either advanceMs or to must be given');
  const byMs = to === undefined ? advanceMs : typeof to === 'string' ? Date.parse(to) - now : Number.NaN;
  if (Number.isSafeInteger(byMs) && Number(byMs) >= 0) return Number(byMs);
  throw to === undefined
    ? invalid(`advanceMs must be a whole number of milliseconds, not below 0; received ${JSON.stringify(advanceMs)}`)
    : invalid(`to must be a time in ISO 8601 that is not past; received ${JSON.stringify(to)}`);
};

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

const timeOf = (clock: StageClock) => ({
  now: isoTime(clock.now()),
  ...(clock.nextDue === undefined ? {} : { nextDue: isoTime(clock.nextDue) }),
});

const isoTime = (time: number): string => new Date(Math.ceil(time)).toISOString();
