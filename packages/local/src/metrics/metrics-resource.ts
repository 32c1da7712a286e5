import { AwsError } from '../common/aws-error.ts';
import type { StageRequest, StageResource } from '../gateway/stage-paths.ts';
import { queryOf } from '../observation/query.ts';
import type { MetricRecord, Metrics } from './metrics.ts';

/** Metrics over HTTP: GET lists them with their statistics, or below `values` the single values; DELETE forgets them. */
export const metricsResource = (metrics: Metrics): StageResource => ({
  GET: (request) => {
    const { limit, ...filter } = queryOf(request, ['namespace', 'name']);
    if (asksForValues(request))
      return {
        values: metrics.find({ ...filter, ...(limit === undefined ? {} : { limit }) }).map(shownValue),
        latestId: metrics.latestId,
      };
    return { metrics: metrics.list(filter).slice(0, limit), latestId: metrics.latestId };
  },
  DELETE: () => metrics.clear(),
});

const asksForValues = ({ path }: StageRequest): boolean => {
  if (path.length === 0) return false;
  if (path.length === 1 && path[0] === 'values') return true;
  throw new AwsError('ResourceNotFoundException', 'Metrics are at metrics, their values at metrics/values.', {
    status: 404,
  });
};

const shownValue = ({ time, ...record }: MetricRecord) => ({ ...record, time: new Date(time).toISOString() });
