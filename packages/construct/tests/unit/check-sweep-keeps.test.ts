import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { QueryLanguage, type TaskStateBaseProps, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import {
  type ITaskerTarget,
  RedshiftExpectation,
  type RedshiftStartOptions,
  type SweepOptions,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { addTasker, newStack, target } from '../helpers/synth.ts';

type Props = RedshiftStartOptions & TaskStateBaseProps;

const STATES: readonly [string, (tasker: ITaskerTarget, stack: Stack, props: Props) => unknown][] = [
  ['statement', (tasker, stack, props) => tasker.executeStatement(stack, 'Run', { sql: 'select 1', ...props })],
  ['batch', (tasker, stack, props) => tasker.batchExecuteStatement(stack, 'Run', { sqls: ['select 1'], ...props })],
  [
    'check',
    (tasker, stack, props) =>
      tasker.dataCheck(stack, 'Run', { sql: 'select 1', expectation: RedshiftExpectation.noRows(), ...props }),
  ],
];

const seconds = (value: number) => Timeout.duration(Duration.seconds(value));
const tokenIn = (stack: Stack) =>
  Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);

describe.each(STATES)('the state of a %s', (_what, make) => {
  const making =
    (props: Props, sweep: SweepOptions = {}) =>
    () => {
      const stack = newStack();
      return make(addTasker(stack, { sweep }), stack, props);
    };

  it('is refused with heartbeats more often than every third run of the sweep', () => {
    expect(making({ heartbeatTimeout: seconds(179) })).toThrow(
      'Stack/Run: heartbeatTimeout: must be at least 180 seconds, 3 times as long as the sweep, which sends heartbeats, takes from run to run (sweep.interval); received Duration.seconds(179)',
    );
    expect(making({ heartbeat: Duration.minutes(14) }, { interval: Duration.minutes(5) })).toThrow(
      /Run: heartbeat: must be at least 900 seconds, .* received Duration.seconds\(840\)/,
    );
    expect(making({ heartbeatTimeout: seconds(180) })).not.toThrow();
  });

  it.each<[string, Props, RegExp]>([
    ['maxRuntime', { maxRuntime: Duration.hours(1) }, /received Duration.hours\(1\)/],
    ['heartbeatTimeout', { heartbeatTimeout: seconds(3600) }, /received Duration.seconds\(3600\)/],
    ['heartbeatTimeout', { heartbeatTimeout: Timeout.at('$.beat') }, /received "\$.beat"/],
    [
      'heartbeatTimeout',
      { heartbeatTimeout: Timeout.jsonata('{% 600 %}'), queryLanguage: QueryLanguage.JSONATA },
      /received "\{% 600 %\}"/,
    ],
  ])('is refused with %s where the sweep is off', (prop, props, received) => {
    const off = making(props, { enabled: false });
    expect(off).toThrow(`Run: ${prop}: needs the sweep, which this tasker has switched off (sweep.enabled); received `);
    expect(off).toThrow(received);
    expect(making(props)).not.toThrow();
  });

  it('is taken where only the deployment or the input tells the time', () => {
    expect(making({ heartbeatTimeout: Timeout.at('$.beat') })).not.toThrow();
    const stack = newStack();
    const heartbeatTimeout = Timeout.duration(tokenIn(stack));
    expect(() => make(addTasker(stack), stack, { heartbeatTimeout })).not.toThrow();
    const other = newStack();
    const interval = Duration.minutes(new CfnParameter(other, 'Minutes', { type: 'Number' }).valueAsNumber);
    const tasker = addTasker(other, { sweep: { interval } });
    expect(() => make(tasker, other, { heartbeatTimeout: seconds(1) })).not.toThrow();
  });

  it('of a further target is held against the same sweep', () => {
    const stack = newStack();
    const reports = addTasker(stack, { sweep: { enabled: false } }).addTarget('reports', target);
    expect(() => make(reports, stack, { maxRuntime: Duration.hours(1) })).toThrow(/maxRuntime: needs the sweep/);
  });
});
