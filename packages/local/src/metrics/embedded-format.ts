import type { Dimensions, MetricDatum } from './metrics.ts';

/** What CloudWatch takes of a log event; the rest of an event is its text. */
const DAY_MS = 86_400_000;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = DAY_MS / 12;
const MOST_METRICS = 100;
const MOST_VALUES = 100;
const MOST_DIMENSIONS = 30;
const LONGEST_NAME = 1024;
const LONGEST_DIMENSION = 250;

const SIZES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
];
const UNITS = new Set(['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'None', 'Count/Second']);
for (const size of SIZES) UNITS.add(size).add(`${size}/Second`);

type Json = Readonly<Record<string, unknown>>;

/**
 * The metrics in a log line of CloudWatch's embedded metric format; none in any other line. A line that breaks the format's rules anywhere is
 * an ordinary line as a whole, as it is on AWS.
 *
 * @param now epoch milliseconds: metrics from longer ago than two weeks, or further ahead than two hours, are not taken
 */
export const embeddedMetrics = (message: string, now: number): readonly MetricDatum[] => {
  if (!message.includes('"_aws"')) return [];
  const line = objectIn(message);
  const metadata = line?._aws;
  if (!line || !isObject(metadata)) return [];
  const { Timestamp: time, CloudWatchMetrics: directives } = metadata;
  if (!isTime(time, now) || !Array.isArray(directives)) return [];
  const data = directives.map((directive: unknown) => metricsOf(directive, line, time));
  return data.every((some) => some !== undefined) ? data.flat() : [];
};

const objectIn = (message: string): Json | undefined => {
  try {
    const value = JSON.parse(message) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const metricsOf = (directive: unknown, line: Json, time: number): readonly MetricDatum[] | undefined => {
  if (!isObject(directive)) return undefined;
  const { Namespace: namespace, Dimensions: sets, Metrics: definitions } = directive;
  if (!isName(namespace, LONGEST_NAME) || !Array.isArray(sets) || !Array.isArray(definitions)) return undefined;
  if (definitions.length > MOST_METRICS) return undefined;
  const dimensions = sets.map((set: unknown) => dimensionsOf(set, line));
  if (!dimensions.every((set) => set !== undefined)) return undefined;
  const data = definitions.map((definition: unknown) => metricOf(definition, line));
  if (!data.every((metric) => metric !== undefined)) return undefined;
  return data.flatMap(({ name, unit, values }) =>
    values.map((value) => ({ namespace, name, unit, value, time, dimensions })),
  );
};

const dimensionsOf = (set: unknown, line: Json): Dimensions | undefined => {
  if (!Array.isArray(set) || set.length > MOST_DIMENSIONS) return undefined;
  const entries = set.map((name: unknown) => [name, line[String(name)]] as const);
  const areTexts = entries.every(([name, value]) => isName(name, LONGEST_DIMENSION) && isName(value, LONGEST_NAME));
  return areTexts ? (Object.fromEntries(entries) as Dimensions) : undefined;
};

const metricOf = (definition: unknown, line: Json) => {
  if (!isObject(definition)) return undefined;
  const { Name: name, Unit: unit = 'None', StorageResolution: resolution = 60 } = definition;
  if (!isName(name, LONGEST_NAME) || !isUnit(unit) || (resolution !== 1 && resolution !== 60)) return undefined;
  const values = [line[name]].flat();
  if (values.length > MOST_VALUES || !values.every((value) => typeof value === 'number')) return undefined;
  return { name, unit, values };
};

const isTime = (time: unknown, now: number): time is number =>
  typeof time === 'number' && time >= now - OLDEST_MS && time <= now + NEWEST_MS;

const isName = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest;

const isUnit = (unit: unknown): unit is string => typeof unit === 'string' && UNITS.has(unit);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
