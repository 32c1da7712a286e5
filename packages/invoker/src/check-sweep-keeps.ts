import { InvalidRequest, names, type StartRequest } from '@sfn-redshift/shared';
import type { InvokerConfig } from './config.ts';

const { RUNS_WITHIN_HEARTBEAT } = names;

/**
 * Heartbeats are sent, and overlong statements cancelled, by the runs of the sweep.
 * @throws InvalidRequest for what it does not run for, or not often enough
 */
export const checkSweepKeeps = (
  { heartbeatSeconds, maxRuntimeSeconds }: StartRequest,
  { sweepIntervalSeconds }: Pick<InvokerConfig, 'sweepIntervalSeconds'>,
): void => {
  if (sweepIntervalSeconds === undefined) {
    refuseWithoutSweep('heartbeatSeconds', heartbeatSeconds);
    refuseWithoutSweep('maxRuntimeSeconds', maxRuntimeSeconds);
    return;
  }
  const least = RUNS_WITHIN_HEARTBEAT * sweepIntervalSeconds;
  if (heartbeatSeconds === undefined || heartbeatSeconds >= least) return;
  throw new InvalidRequest(
    'heartbeatSeconds',
    `must be at least ${least}, ${RUNS_WITHIN_HEARTBEAT} times as long as the sweep, which sends heartbeats, takes from run to run (sweep.interval)`,
    String(heartbeatSeconds),
  );
};

const refuseWithoutSweep = (field: 'heartbeatSeconds' | 'maxRuntimeSeconds', value: number | undefined): void => {
  if (value === undefined) return;
  throw new InvalidRequest(field, 'needs the sweep, which this tasker has switched off (sweep.enabled)', String(value));
};
