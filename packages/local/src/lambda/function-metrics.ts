import type { Clock } from '../common/clock.ts';
import type { Dimensions, MetricSink } from '../metrics/metrics.ts';

const NAMESPACE = 'AWS/Lambda';

/** What Lambda itself counts of a function; each by function, by version or alias, and of all functions together. */
export type LambdaMetric =
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'AsyncEventsReceived'
  | 'ConcurrentExecutions'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures'
  | 'Duration'
  | 'Errors'
  | 'Invocations'
  | 'Throttles';

const IN_MILLISECONDS: readonly LambdaMetric[] = ['AsyncEventAge', 'Duration'];

export class FunctionMetrics {
  readonly #deps: { readonly clock: Clock; readonly metrics: MetricSink };
  readonly #name: string;
  /** By qualifier; shared by all values, of which there are many. */
  readonly #dimensions = new Map<string | undefined, readonly Dimensions[]>();

  constructor(deps: { readonly clock: Clock; readonly metrics: MetricSink }, functionName: string) {
    this.#deps = deps;
    this.#name = functionName;
  }

  /** @param qualifier the version or alias that was asked for */
  put(name: LambdaMetric, value: number, qualifier?: string): void {
    this.#deps.metrics.add({
      namespace: NAMESPACE,
      name,
      unit: IN_MILLISECONDS.includes(name) ? 'Milliseconds' : 'Count',
      value,
      time: this.#deps.clock.now(),
      dimensions: this.#dimensionsOf(qualifier),
    });
  }

  #dimensionsOf(qualifier: string | undefined): readonly Dimensions[] {
    const known = this.#dimensions.get(qualifier);
    if (known) return known;
    const FunctionName = this.#name;
    const Resource = qualifier === undefined ? FunctionName : `${FunctionName}:${qualifier}`;
    const dimensions = [{ FunctionName }, { FunctionName, Resource }, {}];
    this.#dimensions.set(qualifier, dimensions);
    return dimensions;
  }
}
