import { parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Execution } from './execution.ts';
import type { MapRun } from './map-run.ts';
import type { StateMachine } from './state-machine.ts';

/** The account's state machines and their executions. */
export class Store {
  readonly #machines = new Map<string, StateMachine>();
  readonly #executions = new Map<string, Execution>();
  /** By state machine, in the order of their start. */
  readonly #started = new Map<string, Execution[]>();
  /** Where in these lists executions stand, and where those that run, which are asked for most and are few. */
  readonly #positions = new WeakMap<Execution, number>();
  readonly #running = new Map<string, Set<number>>();
  readonly #mapRuns = new Map<string, MapRun>();

  get machines(): readonly StateMachine[] {
    return [...this.#machines.values()];
  }

  executions(): Iterable<Execution> {
    return this.#executions.values();
  }

  putMachine(machine: StateMachine): void {
    const createdAt = this.#machines.get(machine.arn)?.createdAt ?? machine.createdAt;
    this.#machines.set(machine.arn, { ...machine, createdAt });
  }

  /** @returns the executions that went with it, those of its Map Runs too */
  removeMachine(arn: string): readonly Execution[] {
    this.#machines.delete(arn);
    const arns = [...this.#started.keys()].filter((started) => started === arn || started.startsWith(`${arn}/`));
    const executions = arns.flatMap((started) => this.#started.get(started) ?? []);
    for (const started of arns) {
      this.#started.delete(started);
      this.#running.delete(started);
    }
    for (const execution of executions) this.#executions.delete(execution.arn);
    for (const run of this.#mapRuns.values()) if (arns.includes(run.machine.arn)) this.#mapRuns.delete(run.arn);
    return executions;
  }

  addExecution(execution: Execution): void {
    const { arn } = execution.machine;
    const started = this.#started.get(arn) ?? [];
    this.#started.set(arn, started);
    this.#executions.set(execution.arn, execution);
    this.#positions.set(execution, started.push(execution) - 1);
    this.noteStatus(execution);
  }

  /** To be told whenever an execution's status has changed. */
  noteStatus(execution: Execution): void {
    const position = this.#positions.get(execution);
    if (position === undefined) return;
    const running = this.#running.get(execution.machine.arn) ?? new Set();
    this.#running.set(execution.machine.arn, running);
    if (execution.status === 'RUNNING') running.add(position);
    else running.delete(position);
  }

  findExecution(arn: string): Execution | undefined {
    return this.#executions.get(arn);
  }

  /** Where in `executionsOf` those stand that run. */
  runningOf(machineArn: string): readonly number[] {
    return [...(this.#running.get(machineArn) ?? [])].sort((one, other) => one - other);
  }

  /** In the order of their start; not a copy. */
  executionsOf(machineArn: string): readonly Execution[] {
    return this.#started.get(machineArn) ?? [];
  }

  addMapRun(run: MapRun): void {
    this.#mapRuns.set(run.arn, run);
  }

  /** In the order of their start. */
  mapRunsOf(executionArn: string): readonly MapRun[] {
    return [...this.#mapRuns.values()].filter((run) => run.executionArn === executionArn);
  }

  /** @throws AwsError `InvalidArn`, `ResourceNotFound` */
  mapRun(arn: string): MapRun {
    const run = this.#mapRuns.get(checked(arn, ['mapRun']));
    if (run) return run;
    throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
  }

  /** @throws AwsError `InvalidArn`, `StateMachineDoesNotExist` */
  machine(arn: string): StateMachine {
    const machine = this.#machines.get(checked(arn, ['stateMachine']));
    if (machine) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  /** @throws AwsError `InvalidArn`, `ExecutionDoesNotExist` */
  execution(arn: string): Execution {
    const execution = this.#executions.get(checked(arn, ['execution', 'express']));
    if (execution) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }
}

const checked = (arn: string, types: readonly string[]): string => {
  if (!arn.startsWith('arn:')) throw invalidArn(`Invalid ARN prefix: ${arn}`);
  const type = parseArn(arn)?.resource.split(':')[0] ?? '';
  if (types.includes(type)) return arn;
  throw invalidArn(`Resource type not valid in this context: ${type}`);
};

const invalidArn = (reason: string): AwsError => new AwsError('InvalidArn', `Invalid Arn: '${reason}'`);
