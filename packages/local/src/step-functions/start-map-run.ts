import { createHash, randomUUID } from 'node:crypto';
import { formatArn, parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import { StateError } from './errors.ts';
import type { Execution, ExecutionStart } from './execution.ts';
import type { TaskCaller } from './integrations/task-caller.ts';
import { MapRun, type MapRunDeps, type MapRunPart, type MapRunPlan, type MapRuns } from './map-run.ts';
import { START_MAP_RUN } from './permissions.ts';
import type { StateMachine } from './state-machine.ts';
import type { Store } from './store.ts';

interface Parent {
  readonly machine: StateMachine;
  readonly executionArn: string;
  readonly caller: TaskCaller;
}

interface Deps extends Pick<MapRunDeps, 'clock'> {
  readonly store: Store;
  readonly start: (machine: StateMachine, start: ExecutionStart) => Execution;
}

/** The Map Runs of one execution. */
export const mapRunsOf = ({ machine, executionArn, caller }: Parent, { clock, store, start }: Deps): MapRuns => ({
  start: async (plan) => {
    await checkPermission(machine.arn, caller);
    const childMachine = childMachineOf(machine, plan);
    const arn = arnIn(machine.arn, `mapRun:${childMachine.name}:${randomUUID()}`);
    const startChild = (run: MapRun, part: MapRunPart) => start(childMachine, childStart(run, part));
    const { parts, limits } = plan;
    const run = new MapRun({ arn, executionArn, machine: childMachine, parts, limits }, { clock, startChild });
    store.addMapRun(run);
    return run;
  },
});

/** As Step Functions starts the children under the state machine's role. */
const checkPermission = async (stateMachineArn: string, caller: TaskCaller): Promise<void> => {
  try {
    await caller.call('states', START_MAP_RUN, { stateMachineArn });
  } catch (error) {
    throw error instanceof AwsError ? new StateError('States.Permissions', error.message) : error;
  }
};

const childMachineOf = (machine: StateMachine, { name, label, processor }: MapRunPlan): StateMachine => {
  const suffix = `/${label ?? labelFor(`${machine.arn}/${name}`)}`;
  const { ProcessorConfig: _, ...definition } = processor as typeof processor & { readonly ProcessorConfig?: unknown };
  return {
    ...machine,
    name: `${machine.name}${suffix}`,
    arn: `${machine.arn}${suffix}`,
    definition,
    definitionText: JSON.stringify(definition),
  };
};

/** AWS makes up a label when the state machine is created, in the form of a UUID. */
const labelFor = (state: string): string => {
  const hex = createHash('sha256').update(state).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
};

const childStart = (run: MapRun, { input, itemCount }: MapRunPart): ExecutionStart => {
  const name = randomUUID();
  const arn = arnIn(run.machine.arn, `execution:${run.machine.name}:${name}`);
  return { arn, name, input, inputText: JSON.stringify(input), mapRun: { arn: run.arn, itemCount } };
};

const arnIn = (machineArn: string, resource: string): string => {
  const parts = parseArn(machineArn);
  if (!parts) throw new TypeError(`${machineArn} is no ARN.`);
  return formatArn({ ...parts, resource });
};
