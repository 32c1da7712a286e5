import { AwsError } from '../common/aws-error.ts';
import type { StagePaths, StageResource } from '../gateway/stage-paths.ts';
import { recordsResource } from '../observation/records-resource.ts';
import type { MetricRecord, Metrics } from './metrics.ts';

/** Metrics over HTTP: with their statistics at `metrics`, value by value at `metrics/values`. */
export const reserveMetrics = (paths: Pick<StagePaths, 'reserve'>, metrics: Metrics): void => {
  paths.reserve('metrics', statisticsResource(metrics));
  paths.reserve('metrics/values', recordsResource(metrics, { name: 'values', filters: NAMES, show: shownValue }));
};

const NAMES = ['namespace', 'name'] as const;

const statisticsResource = (metrics: Metrics): StageResource => ({
  GET: ({ query }) => {
    const unknown = [...query.keys()].find((name) => !NAMES.some((known) => known === name));
    if (unknown !== undefined)
      throw new AwsError('ValidationException', `${unknown} is no parameter here; they are ${NAMES.join(', ')}`);
    return { metrics: metrics.list(Object.fromEntries(query)) };
  },
  DELETE: () => metrics.clear(),
});

const shownValue = ({ time, ...record }: MetricRecord) => ({ ...record, time: new Date(time).toISOString() });
