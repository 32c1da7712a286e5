import { Duration, Token } from 'aws-cdk-lib';
import { type TaskStateBaseProps, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import type { RedshiftStartOptions, RedshiftTaskBinding } from '../redshift-start-options';
import type { ITaskerTarget } from '../tasker-target';
import { RUNS_WITHIN_HEARTBEAT } from './contract.generated';
import { sweepIntervalOf } from './sweep-schedule';
import type { TaskerTarget } from './tasker-target';
import { refuse } from './validation';

type Props = RedshiftStartOptions & TaskStateBaseProps & RedshiftTaskBinding;

/**
 * Heartbeats are sent, and overlong statements cancelled, by the runs of the sweep. The invoker holds requests against the same
 * rule; what only a token or an expression tells is left to it.
 *
 * @throws Error naming the prop that the sweep does not run for, or not often enough
 */
export const checkSweepKeeps = (state: string, { tasker, maxRuntime, heartbeat, heartbeatTimeout }: Props): void => {
  const sweep = sweepOf(tasker);
  if (!sweep) return;
  const interval = sweepIntervalOf(sweep);
  const beats = heartbeat ? Timeout.duration(heartbeat) : heartbeatTimeout;
  const property = `${state}: ${heartbeat ? 'heartbeat' : 'heartbeatTimeout'}`;
  if (!interval) {
    refuseWithoutSweep(property, beats && shown(beats));
    refuseWithoutSweep(`${state}: maxRuntime`, maxRuntime);
    return;
  }
  if (beats?.seconds === undefined || Token.isUnresolved(beats.seconds) || interval.isUnresolved()) return;
  const least = RUNS_WITHIN_HEARTBEAT * interval.toSeconds();
  if (beats.seconds >= least) return;
  const rule = `must be at least ${least} seconds, ${RUNS_WITHIN_HEARTBEAT} times as long as the sweep, which sends heartbeats, takes from run to run (sweep.interval)`;
  refuse(property, rule, shown(beats));
};

/** Of an `ITaskerTarget` that is none of ours nothing is known. */
const sweepOf = (tasker: ITaskerTarget) => ('_sweep' in tasker ? (tasker as TaskerTarget)._sweep : undefined);

const refuseWithoutSweep = (property: string, value: unknown): void => {
  if (value === undefined) return;
  refuse(property, 'needs the sweep, which this tasker has switched off (sweep.enabled)', value);
};

const shown = ({ seconds, path, jsonataExpression }: Timeout): unknown =>
  seconds === undefined ? (path ?? jsonataExpression) : Duration.seconds(seconds);
