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
  put(datum: MetricDatum): void;
}

/** What is kept of each name in a namespace. */
export const MOST_DATA = 100_000;
const CLEARED_AT = MOST_DATA + 10_000;

/** Every metric of the stage: what functions wrote in the embedded metric format, and what Lambda counts itself. */
export class Metrics implements MetricSink {
  readonly #data = new Map<string, MetricDatum[]>();

  /** The latest 100,000 values of a name are kept. */
  put(datum: MetricDatum): void {
    const key = keyOf(datum.namespace, datum.name);
    const data = this.#data.get(key) ?? [];
    this.#data.set(key, data);
    data.push(datum);
    // In bulk, as each time costs as much as the array is long.
    if (data.length > CLEARED_AT) data.splice(0, data.length - MOST_DATA);
  }

  /**
   * The values in the order published.
   *
   * @param dimensions all of the metric's, as on AWS; without them every value counts, once, whatever its dimensions
   */
  values(namespace: string, name: string, dimensions?: Dimensions): readonly number[] {
    return this.data(namespace, name, dimensions).map(({ value }) => value);
  }

  /** 0 for a metric that there is not. */
  sum(namespace: string, name: string, dimensions?: Dimensions): number {
    return this.values(namespace, name, dimensions).reduce((sum, value) => sum + value, 0);
  }

  data(namespace: string, name: string, dimensions?: Dimensions): readonly MetricDatum[] {
    const data = this.#data.get(keyOf(namespace, name)) ?? [];
    if (dimensions === undefined) return [...data];
    const wanted = textOf(dimensions);
    return data.filter((datum) => datum.dimensions.some((set) => textOf(set) === wanted));
  }

  /** By namespace, name and dimensions. */
  list(): readonly Metric[] {
    const metrics = new Map<string, Metric>();
    for (const datum of [...this.#data.values()].flat())
      for (const set of datum.dimensions) {
        const key = `${keyOf(datum.namespace, datum.name)}\n${textOf(set)}`;
        metrics.set(key, withDatum(metrics.get(key), datum, set));
      }
    return [...metrics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);
  }
}

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

const keyOf = (namespace: string, name: string): string => `${namespace}\n${name}`;

const textOf = (dimensions: Dimensions): string =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
