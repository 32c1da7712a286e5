import type { StageResource } from '../gateway/stage-paths.ts';
import type { Metrics } from './metrics.ts';

/**
 * Metrics over HTTP: `GET /_stage/metrics` lists them; `GET /_stage/metrics/NAMESPACE/NAME`, each encoded as a part of a path, answers with
 * the values of one name and their sum, whatever their dimensions.
 */
export const metricsResource = (metrics: Metrics): StageResource => ({
  GET: ({ path: [namespace, name] }) => {
    if (namespace === undefined || name === undefined)
      return { metrics: metrics.list().filter((metric) => namespace === undefined || metric.namespace === namespace) };
    const data = metrics.data(namespace, name).map(({ time, value, unit, dimensions }) => ({
      time: new Date(time).toISOString(),
      value,
      unit,
      dimensions,
    }));
    return { sum: metrics.sum(namespace, name), data };
  },
});
