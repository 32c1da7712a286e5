import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from './contract.generated';

export type CountName = keyof typeof METRICS;

/** A count that a handler publishes, by default its sum over five minutes. */
export const countMetric = (
  namespace: string,
  service: string,
  count: CountName,
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace,
    metricName: METRICS[count],
    dimensionsMap: { service },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });
