import { describe, expect, it } from 'vitest';
import type { StageResource } from '../../../src/gateway/stage-paths.ts';
import { Metrics } from '../../../src/metrics/metrics.ts';
import { reserveMetrics } from '../../../src/metrics/metrics-resource.ts';

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
    metrics.add(datum(1, {}, { service: 's' }));
    metrics.add(datum(2, { service: 's' }, { kind: 'k', service: 's' }));

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
    metrics.add(datum(1, {}, { service: 's' }));
    metrics.add(datum(2, { service: 's' }));

    // Act
    const values = metrics.values('App', 'Took');

    // Assess
    expect(values).toEqual([1, 2]);
    expect(metrics.values('App', 'Other')).toEqual([]);
  });

  it('lists every metric with its statistics', () => {
    // Prepare
    const metrics = new Metrics();
    for (const value of [4, 1, 7]) metrics.add(datum(value, { service: 's' }));

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
    const metrics = new Metrics(2);

    // Act
    for (const value of [1, 2, 3, 4]) metrics.add(datum(value, {}));

    // Assess
    expect(metrics.values('App', 'Took').at(-1)).toBe(4);
    expect(metrics.entries()).toHaveLength(2);
  });

  it('can be waited for', async () => {
    // Prepare
    const metrics = new Metrics();
    const waiting = metrics.waitFor({ namespace: 'App', dimensions: { service: 's' } });

    // Act
    metrics.add(datum(1, { service: 't' }));
    metrics.add(datum(2, { service: 's' }));

    // Assess
    expect(await waiting).toMatchObject([{ value: 2 }]);
  });
});

describe('Metrics over HTTP', () => {
  const metrics = new Metrics();
  metrics.add(datum(1, { service: 's' }));
  metrics.add({ ...datum(2, {}), namespace: 'AWS/Lambda' });
  const resources = new Map<string, StageResource>();
  reserveMetrics({ reserve: (path, resource) => void resources.set(path, resource) }, metrics);
  const get = (path: string, query = '') =>
    resources.get(path)?.GET?.({ path: [], query: new URLSearchParams(query), input: {} });

  it('are listed, all or those asked for', () => {
    expect(get('metrics')).toMatchObject({ metrics: [{ namespace: 'AWS/Lambda' }, { namespace: 'App' }] });
    expect(get('metrics', 'namespace=AWS/Lambda')).toMatchObject({ metrics: [{ sum: 2 }] });
  });

  it('are shown value by value', () => {
    expect(get('metrics/values', 'namespace=App&name=Took')).toEqual({
      values: [
        {
          id: 1,
          namespace: 'App',
          name: 'Took',
          time: '1970-01-01T00:00:01.000Z',
          value: 1,
          unit: 'Milliseconds',
          dimensions: [{ service: 's' }],
        },
      ],
      latestId: 2,
    });
  });

  it('are not asked for by what nobody knows', () => {
    expect(() => get('metrics', 'dimension=x')).toThrow('dimension is no parameter here');
  });
});
