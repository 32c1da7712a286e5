import { type Recorded, RecordLog, type Span } from '../observation/record-log.ts';

/** Values by dimension name; a metric is known by its namespace, its name and the whole of its dimensions. */
export type Dimensions = Readonly<Record<string, string>>;

/** One value as it was published, under each of its sets of dimensions. */
export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Epoch milliseconds of the stage's clock. */
  readonly time: number;
  readonly dimensions: readonly Dimensions[];
}

export type MetricRecord = MetricDatum & Recorded;

export interface MetricFilter extends Span {
  readonly namespace?: string;
  readonly name?: string;
  /** All of the metric's, as on AWS; without them a value fits whatever its dimensions, and is found once. */
  readonly dimensions?: Dimensions;
}

/** A metric, and what was published of it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Dimensions;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Where the parts of the stage publish. */
export interface MetricSink {
  add(datum: MetricDatum): void;
}

/** Every value of every metric: what functions wrote in the embedded metric format, and what Lambda counts itself. */
export class Metrics extends RecordLog<MetricRecord, MetricFilter> implements MetricSink {
  constructor(most?: number) {
    super(isOf, most);
  }

  /** In the order published; see MetricFilter for `dimensions`. */
  values(namespace: string, name: string, dimensions?: Dimensions): readonly number[] {
    return this.find({ namespace, name, ...(dimensions && { dimensions }) }).map(({ value }) => value);
  }

  /** 0 for a metric that there is not. */
  sum(namespace: string, name: string, dimensions?: Dimensions): number {
    return this.values(namespace, name, dimensions).reduce((sum, value) => sum + value, 0);
  }

  /** By namespace, name and dimensions. */
  list(filter: MetricFilter = {}): readonly Metric[] {
    const metrics = new Map<string, Metric>();
    for (const datum of this.find(filter))
      for (const set of datum.dimensions) {
        const key = [datum.namespace, datum.name, textOf(set)].join('\n');
        metrics.set(key, withDatum(metrics.get(key), datum, set));
      }
    return [...metrics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);
  }
}

const isOf = (record: MetricRecord, { namespace, name, dimensions }: MetricFilter): boolean =>
  (namespace === undefined || namespace === record.namespace) &&
  (name === undefined || name === record.name) &&
  (dimensions === undefined || record.dimensions.some((set) => areEqual(set, dimensions)));

const areEqual = (one: Dimensions, other: Dimensions): boolean => {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
};

const withDatum = (metric: Metric | undefined, { value, ...datum }: MetricDatum, dimensions: Dimensions): Metric => ({
  namespace: datum.namespace,
  name: datum.name,
  unit: datum.unit,
  dimensions,
  count: (metric?.count ?? 0) + 1,
  sum: (metric?.sum ?? 0) + value,
  minimum: Math.min(metric?.minimum ?? value, value),
  maximum: Math.max(metric?.maximum ?? value, value),
});

const textOf = (dimensions: Dimensions): string =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
