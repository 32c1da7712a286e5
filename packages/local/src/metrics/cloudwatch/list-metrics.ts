import type { Metric, Metrics } from '../metrics.ts';
import { type Input, invalid, listOf, objectOf, refuseOthers, requiredText, shownDimensions, textOf } from './input.ts';

const KNOWN = ['Dimensions', 'MetricName', 'Namespace', 'NextToken'];
const PAGE = 500;

/** A token is the number of metrics before the next page. */
export const listMetrics = (input: Input, metrics: Metrics): unknown => {
  refuseOthers('ListMetrics', input, KNOWN);
  const [namespace, name] = [textOf(input, 'Namespace'), textOf(input, 'MetricName')];
  const wanted = listOf(input, 'Dimensions').map((given) => objectOf(given, 'A dimension'));
  const all = metrics
    .list({ ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) })
    .filter((metric) => wanted.every((dimension) => hasDimension(metric, dimension)));
  const start = Number(textOf(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalid('The NextToken is not valid.');
  const end = start + PAGE;
  return {
    Metrics: all.slice(start, end).map(shown),
    ...(end < all.length ? { NextToken: String(end) } : {}),
  };
};

/** Any value of it, where none is named. */
const hasDimension = ({ dimensions }: Metric, dimension: Input): boolean => {
  const value = dimensions[requiredText(dimension, 'Name')];
  return value !== undefined && (dimension.Value === undefined || dimension.Value === value);
};

const shown = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: shownDimensions(dimensions),
});
