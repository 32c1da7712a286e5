import type { Metrics } from '../metrics.ts';
import {
  dimensionsOf,
  type Input,
  invalid,
  listOf,
  periodOf,
  refuseOthers,
  requiredText,
  textOf,
  timeOf,
} from './input.ts';
import { periodsOf, statistic } from './statistics.ts';

const KNOWN = [
  'Dimensions',
  'EndTime',
  'ExtendedStatistics',
  'MetricName',
  'Namespace',
  'Period',
  'StartTime',
  'Statistics',
  'Unit',
];
const MOST_DATAPOINTS = 1440;

export const getMetricStatistics = (input: Input, metrics: Metrics): unknown => {
  refuseOthers('GetMetricStatistics', input, KNOWN);
  const [names, percentiles] = [
    listOf(input, 'Statistics').map(String),
    listOf(input, 'ExtendedStatistics').map(String),
  ];
  if (names.length + percentiles.length === 0)
    throw invalid('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  const name = requiredText(input, 'MetricName');
  const unit = textOf(input, 'Unit');
  const records = metrics
    .find({ namespace: requiredText(input, 'Namespace'), name, dimensions: dimensionsOf(input) })
    .filter((record) => unit === undefined || record.unit === unit);
  const span = { start: timeOf(input, 'StartTime'), end: timeOf(input, 'EndTime'), seconds: periodOf(input) };
  if ((span.end - span.start) / 1000 / span.seconds > MOST_DATAPOINTS)
    throw invalid(
      `More than ${MOST_DATAPOINTS} datapoints are asked for; a longer Period or a shorter time has fewer.`,
    );
  const valuesOf = (wanted: readonly string[], values: readonly number[]) =>
    Object.fromEntries(wanted.map((statisticName) => [statisticName, statistic(statisticName)(values)]));
  const Datapoints = periodsOf(records, span).map((period) => ({
    Timestamp: period.time / 1000,
    Unit: period.unit,
    ...valuesOf(names, period.values),
    ...(percentiles.length > 0 ? { ExtendedStatistics: valuesOf(percentiles, period.values) } : {}),
  }));
  return { Label: name, Datapoints };
};
