import { describe, expect, it } from 'vitest';
import { Metrics, MOST_DATA } from '../../../src/metrics/metrics.ts';
import { metricsResource } from '../../../src/metrics/metrics-resource.ts';

const datum = (value: number, ...dimensions: Readonly<Record<string, string>>[]) => ({
  namespace: 'App',
  name: 'Took',
  unit: 'Milliseconds',
  value,
  time: 1000,
  dimensions,
});

describe('Metrics', () => {
  it('tells metrics apart by all of their dimensions', () => {
    // Prepare
    const metrics = new Metrics();
    metrics.put(datum(1, {}, { service: 's' }));
    metrics.put(datum(2, { service: 's' }, { kind: 'k', service: 's' }));

    // Act
    const sums = [{}, { service: 's' }, { service: 's', kind: 'k' }, { service: 't' }].map((dimensions) =>
      metrics.sum('App', 'Took', dimensions),
    );

    // Assess
    expect(sums).toEqual([1, 3, 2, 0]);
  });

  it('counts each value once where no dimensions are named', () => {
    // Prepare
    const metrics = new Metrics();
    metrics.put(datum(1, {}, { service: 's' }));
    metrics.put(datum(2, { service: 's' }));

    // Act
    const values = metrics.values('App', 'Took');

    // Assess
    expect(values).toEqual([1, 2]);
    expect(metrics.values('App', 'Other')).toEqual([]);
  });

  it('lists every metric with its statistics', () => {
    // Prepare
    const metrics = new Metrics();
    for (const value of [4, 1, 7]) metrics.put(datum(value, { service: 's' }));

    // Act
    const listed = metrics.list();

    // Assess
    expect(listed).toEqual([
      {
        namespace: 'App',
        name: 'Took',
        unit: 'Milliseconds',
        dimensions: { service: 's' },
        count: 3,
        sum: 12,
        minimum: 1,
        maximum: 7,
      },
    ]);
  });

  it('keeps the latest values', () => {
    // Prepare
    const metrics = new Metrics();

    // Act
    for (let value = 0; value <= 110_000; value++) metrics.put(datum(value, {}));

    // Assess
    expect(metrics.values('App', 'Took')).toHaveLength(MOST_DATA);
    expect(metrics.values('App', 'Took').at(-1)).toBe(110_000);
  });
});

describe('metricsResource', () => {
  it('answers with all metrics, those of a namespace, or the values of one', () => {
    // Prepare
    const metrics = new Metrics();
    metrics.put(datum(1, { service: 's' }));
    metrics.put({ ...datum(2, {}), namespace: 'AWS/Lambda' });
    const get = (...path: string[]) =>
      metricsResource(metrics).GET?.({ path, query: new URLSearchParams(), input: {} });

    // Act
    const [all, some, one] = [get(), get('AWS/Lambda'), get('App', 'Took')];

    // Assess
    expect(all).toMatchObject({ metrics: [{ namespace: 'AWS/Lambda' }, { namespace: 'App' }] });
    expect(some).toMatchObject({ metrics: [{ sum: 2 }] });
    expect(one).toEqual({
      sum: 1,
      data: [{ time: '1970-01-01T00:00:01.000Z', value: 1, unit: 'Milliseconds', dimensions: [{ service: 's' }] }],
    });
  });
});
