import { NotSupportedError } from '../../common/aws-error.ts';
import type { MetricRecord } from '../metrics.ts';

/** One number for all values of a period. */
export type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const STATISTICS: Readonly<Record<string, Statistic>> = {
  SampleCount: (values) => values.length,
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
};

/** @throws NotSupportedError for trimmed means and other statistics than the five and percentiles */
export const statistic = (name: string): Statistic => {
  const known = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  if (known) return known;
  const [, percent] = /^p(100|\d{1,2}(?:\.\d{1,10})?)$/.exec(name) ?? [];
  if (percent === undefined) throw new NotSupportedError(`The statistic ${name} is not supported.`);
  return percentile(Number(percent));
};

/** Between two values as far as the percentage is between their places. */
const percentile =
  (percent: number): Statistic =>
  (values) => {
    const ordered = values.toSorted((a, b) => a - b);
    const place = (percent / 100) * (ordered.length - 1);
    const [below, above] = [ordered[Math.floor(place)] ?? 0, ordered[Math.ceil(place)] ?? 0];
    return below + (above - below) * (place - Math.floor(place));
  };

export interface Period {
  /** Beginning, epoch milliseconds. */
  readonly time: number;
  readonly values: readonly number[];
  readonly unit: string;
}

/** The values by period, oldest first; periods without values are none. */
export const periodsOf = (
  records: readonly MetricRecord[],
  { start, end, seconds }: { readonly start: number; readonly end: number; readonly seconds: number },
): readonly Period[] => {
  const beginOf = (time: number) => Math.floor(time / (seconds * 1000)) * seconds * 1000;
  const wanted = records.filter(({ time }) => time >= beginOf(start) && time < end);
  const byPeriod = Map.groupBy(wanted, ({ time }) => beginOf(time));
  return [...byPeriod]
    .sort(([a], [b]) => a - b)
    .map(([time, data]) => ({ time, values: data.map(({ value }) => value), unit: data[0]?.unit ?? 'None' }));
};
