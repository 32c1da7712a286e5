import type { MiddlewareObj } from '@middy/core';
import type { Telemetry } from '@sfn-redshift/shared/telemetry';

/** Writes what an invocation has counted, once, however it ends. */
export const publishTelemetry = <Event, Result>(telemetry: Telemetry): MiddlewareObj<Event, Result> => ({
  after: () => telemetry.publish(),
  onError: () => telemetry.publish(),
});
