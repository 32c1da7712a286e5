import { NotSupportedError } from '../../common/aws-error.ts';
import type { Metrics } from '../metrics.ts';
import {
  dimensionsOf,
  type Input,
  invalid,
  listOf,
  objectOf,
  periodOf,
  refuseOthers,
  requiredText,
  textOf,
  timeOf,
} from './input.ts';
import { periodsOf, statistic } from './statistics.ts';

const KNOWN = ['EndTime', 'LabelOptions', 'MaxDatapoints', 'MetricDataQueries', 'NextToken', 'ScanBy', 'StartTime'];
const QUERY = ['Id', 'Label', 'MetricStat', 'ReturnData'];
const MOST_QUERIES = 500;

/** All on one page: the stage keeps no more than a page of AWS's would hold. */
export const getMetricData = (input: Input, metrics: Metrics): unknown => {
  refuseOthers('GetMetricData', input, KNOWN);
  const queries = listOf(input, 'MetricDataQueries').map((query) => objectOf(query, 'A query'));
  if (queries.length === 0 || queries.length > MOST_QUERIES)
    throw invalid(`MetricDataQueries must have 1 to ${MOST_QUERIES} entries.`);
  const span = { start: timeOf(input, 'StartTime'), end: timeOf(input, 'EndTime') };
  const ascending = textOf(input, 'ScanBy') === 'TimestampAscending';
  const results = queries.map((query) => resultOf(query, { ...span, ascending }, metrics));
  return { MetricDataResults: results.filter((result) => result !== undefined), Messages: [] };
};

const resultOf = (
  query: Input,
  { ascending, ...span }: { readonly start: number; readonly end: number; readonly ascending: boolean },
  metrics: Metrics,
) => {
  if (query.Expression !== undefined)
    throw new NotSupportedError('Expressions in MetricDataQueries are not supported.');
  refuseOthers('MetricDataQueries', query, QUERY);
  const stat = objectOf(query.MetricStat, 'MetricStat');
  const metric = objectOf(stat.Metric, 'Metric');
  const name = requiredText(metric, 'MetricName');
  const unit = textOf(stat, 'Unit');
  const records = metrics
    .find({ namespace: requiredText(metric, 'Namespace'), name, dimensions: dimensionsOf(metric) })
    .filter((record) => unit === undefined || record.unit === unit);
  const statisticOf = statistic(requiredText(stat, 'Stat'));
  const oldest = periodsOf(records, { ...span, seconds: periodOf(stat) });
  const periods = ascending ? oldest : oldest.toReversed();
  if (query.ReturnData === false) return undefined;
  return {
    Id: requiredText(query, 'Id'),
    Label: textOf(query, 'Label') ?? name,
    Timestamps: periods.map(({ time }) => time / 1000),
    Values: periods.map(({ values }) => statisticOf(values)),
    StatusCode: 'Complete',
  };
};
