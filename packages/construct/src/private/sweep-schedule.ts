import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SweepOptions } from '../sweep-options';
import { describe } from './description';

export const DEFAULT_SWEEP_INTERVAL = Duration.minutes(1);

/** Time between two runs; undefined where there are none. */
export const sweepIntervalOf = ({
  enabled = true,
  interval = DEFAULT_SWEEP_INTERVAL,
}: SweepOptions): Duration | undefined => (enabled ? interval : undefined);

/** Runs the sweep again and again. */
export const scheduleSweep = (scope: Construct, sweep: lambda.Function, options: SweepOptions): events.Rule => {
  const rule = new events.Rule(scope, 'SweepSchedule', {
    description: describe(scope, 'runs the sweep'),
    schedule: events.Schedule.rate(options.interval ?? DEFAULT_SWEEP_INTERVAL),
    enabled: options.enabled ?? true,
    targets: [{ bind: () => ({ arn: sweep.functionArn, retryPolicy: ONCE }) }],
  });
  sweep.addPermission('SweepScheduleInvokes', {
    principal: new iam.ServicePrincipal('events.amazonaws.com'),
    sourceArn: rule.ruleArn,
  });
  return rule;
};

/** What cannot be invoked now is not worth repeating: the next run does its work. */
const ONCE = { maximumRetryAttempts: 0 };
