import type { ApiCall, NeededPermission, Service, ServiceReply } from '../../common/service.ts';
import { unknownOperation } from '../../gateway/errors.ts';
import type { Metrics } from '../metrics.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import type { Input } from './input.ts';
import { listMetrics } from './list-metrics.ts';

const OPERATIONS: Readonly<Record<string, (input: Input, metrics: Metrics) => unknown>> = {
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
};

/** CloudWatch, as far as metrics are read. Named as requests are signed for it; its permissions are those of `cloudwatch`. */
export class CloudWatch implements Service {
  readonly name = 'monitoring';
  readonly #metrics: Metrics;

  constructor({ metrics }: { readonly metrics: Metrics }) {
    this.#metrics = metrics;
  }

  permissionsFor({ operation }: ApiCall): readonly NeededPermission[] {
    return [{ action: `cloudwatch:${operation}`, resource: '*' }];
  }

  perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    return Promise.resolve().then(() => {
      const perform = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
      if (!perform) throw unknownOperation('monitoring', operation);
      return { output: perform(input, this.#metrics) };
    });
  }
}
