import { Deployments } from './deployment.ts';
import { Faults } from './faults.ts';
import { Findings } from './findings.ts';
import { type Latency, latencyOf } from './latency.ts';
import type { Schedule } from './schedule.ts';
import { Trace } from './trace.ts';
import { VirtualTime } from './virtual-time.ts';
import { type Trouble, Wire } from './wire.ts';

/** What all parts of the model account share. */
export interface World {
  readonly schedule: Schedule;
  readonly time: VirtualTime;
  readonly deployments: Deployments;
  readonly trace: Trace;
  readonly faults: Faults;
  readonly latency: Latency;
  readonly wire: Wire;
  readonly findings: Findings;
  /** Every request that has met a fault. */
  readonly troubles: readonly Trouble[];
}

export const worldOf = (schedule: Schedule): World => {
  const time = new VirtualTime();
  const trace = new Trace(time);
  const faults = new Faults(schedule.faults);
  const troubles: Trouble[] = [];
  const latency = latencyOf(schedule.latencySeed);
  return {
    schedule,
    time,
    deployments: new Deployments(schedule, time, trace),
    trace,
    faults,
    latency,
    wire: new Wire(time, faults, latency, trace, (trouble) => troubles.push(trouble)),
    findings: new Findings(),
    troubles,
  };
};
