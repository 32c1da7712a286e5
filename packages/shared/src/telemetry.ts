import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { METRICS } from './names.ts';
import { threadOfName } from './thread.ts';

type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Fields of a log line. Never a payload, task token, response URL, parameter value or SQL: callers choose what they log. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the handlers tell about their work: structured log lines and counts. */
export interface Telemetry {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Adds one to a metric. */
  count(metric: MetricName): void;
  /** Writes the counts of this invocation as one CloudWatch embedded-metric line. */
  publish(): void;
}

/** Log lines and metrics by Powertools; service and namespace come from its own environment variables. */
export const liveTelemetry = (): Telemetry => {
  const logger = new Logger();
  const metrics = new Metrics();
  return {
    info: (message, fields = {}) => logger.info(message, threaded(fields)),
    warn: (message, fields = {}) => logger.warn(message, threaded(fields)),
    error: (message, fields = {}) => logger.error(message, threaded(fields)),
    count: (metric) => metrics.addMetric(metric, MetricUnit.Count, 1),
    publish: () => {
      // Powertools warns where there is nothing to publish.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
};

/** What names a statement also tells whose it is, by fields of their own: so that one can ask for them. */
const threaded = (fields: LogFields): LogFields => {
  const { statementName } = fields;
  return typeof statementName === 'string' ? { ...threadOfName(statementName), ...fields } : fields;
};

/**
 * Middleware, of the form that middy takes, that writes what an invocation has counted: once, however it ends. In blocks,
 * because middy takes whatever a hook returns for the answer.
 */
export const publishedCounts = (telemetry: Telemetry) => ({
  after: (): void => {
    telemetry.publish();
  },
  onError: (): void => {
    telemetry.publish();
  },
});
