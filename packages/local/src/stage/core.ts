import type { Account } from '../common/account.ts';
import { StageClock } from '../common/clock.ts';
import { type Log, silentLog } from '../common/log.ts';
import { Disturbances } from '../faults/disturbances.ts';
import type { Fault } from '../faults/fault.ts';
import { Gateway } from '../gateway/gateway.ts';
import { iamReport } from '../iam/iam-report.ts';
import { Identities } from '../iam/identities.ts';
import { Metrics } from '../metrics/metrics.ts';
import { callsResource } from '../observation/calls-resource.ts';
import { type Warehouse, Warehouses } from '../redshift-data/warehouses.ts';
import { Secrets } from '../services/secrets.ts';
import { clockResource } from './clock-resource.ts';
import { Closers } from './closers.ts';

/** What every part of a stage is made with. */
export interface StageCore {
  readonly account: Account;
  readonly clock: StageClock;
  readonly identities: Identities;
  readonly gateway: Gateway;
  readonly disturbances: Disturbances;
  readonly metrics: Metrics;
  readonly warehouses: Warehouses;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Ends the whole stage. */
  readonly closers: Closers;
  /** Ends what holds data; part of the end of the stage. */
  readonly stores: Closers;
}

export interface CoreOptions {
  readonly log?: Log;
  readonly seed?: number;
  readonly faults?: readonly Fault[];
  readonly warehouses?: readonly Warehouse[];
}

export const createCore = (account: Account, options: CoreOptions): StageCore => {
  const [closers, stores] = [new Closers(), new Closers()];
  const log = untilClosing(options.log ?? silentLog, closers);
  const clock = new StageClock();
  const identities = new Identities(account);
  const disturbances = new Disturbances({ clock, seed: options.seed });
  const { callFaults, functions } = disturbances;
  const gateway = new Gateway({ account, clock, identities, log, faults: callFaults, functions });
  const metrics = new Metrics();
  gateway.stagePaths.reserve('clock', clockResource(clock));
  for (const fault of options.faults ?? []) disturbances.faults.add(fault);
  disturbances.reserve(gateway.stagePaths);
  gateway.stagePaths.reserve('calls', callsResource(gateway.calls));
  gateway.stagePaths.reserve('iam', { GET: () => iamReport(identities) });
  // What works ends before what it works on, and the gateway between them.
  closers.add(() => clock.stop());
  closers.add(() => stores.close());
  closers.add(() => gateway.close());
  const warehouses = new Warehouses(options.warehouses);
  return {
    account,
    clock,
    identities,
    gateway,
    disturbances,
    metrics,
    warehouses,
    secrets: new Secrets({ account, clock }),
    log,
    closers,
    stores,
  };
};

/** What breaks because the stage ends is not worth a line. */
const untilClosing = (log: Log, closers: Closers): Log => ({
  info: (...line) => (closers.isClosing ? undefined : log.info(...line)),
  warn: (...line) => (closers.isClosing ? undefined : log.warn(...line)),
});
