import { randomUUID } from 'node:crypto';
import { parseArn } from '../../common/arn.ts';
import { AwsError } from '../../common/aws-error.ts';
import { LARGEST_PAYLOAD, parseJson } from '../data/json.ts';
import { notSupported, validationError } from '../errors.ts';
import type { Execution, ExecutionStart } from '../execution.ts';
import type { StateMachine } from '../state-machine.ts';
import type { Store } from '../store.ts';
import { type Input, optionalText, refuseInput, requiredText } from './input.ts';

const LONGEST_NAME = 80;
/** White space, brackets, wildcards, and what else the API reference names. */
const FORBIDDEN_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Starting what is running already, with the same name and input, starts nothing. */
export const startExecution = (
  input: Input,
  store: Store,
  start: (machine: StateMachine, given: ExecutionStart) => Execution,
): unknown => {
  refuseInput(input, ['traceHeader'], (field) => notSupported(`StartExecution: ${field}`));
  const machine = store.machine(requiredText(input, 'stateMachineArn'));
  const name = checkedName(optionalText(input, 'name') ?? randomUUID());
  const given = { name, arn: executionArn(machine, name), ...checkedInput(optionalText(input, 'input') ?? '{}') };
  const { arn, startedAt } = same(store.findExecution(given.arn), given.inputText) ?? start(machine, given);
  return { executionArn: arn, startDate: startedAt / 1000 };
};

const same = (existing: Execution | undefined, inputText: string): Execution | undefined => {
  if (!existing || (existing.status === 'RUNNING' && existing.inputText === inputText)) return existing;
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
};

const executionArn = ({ arn, name: machineName }: StateMachine, name: string): string => {
  const { partition = '', region = '', accountId = '' } = parseArn(arn) ?? {};
  return `arn:${partition}:states:${region}:${accountId}:execution:${machineName}:${name}`;
};

const checkedName = (name: string): string => {
  if (name.length >= 1 && name.length <= LONGEST_NAME && !FORBIDDEN_IN_NAMES.test(name)) return name;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
};

const checkedInput = (inputText: string): Pick<ExecutionStart, 'input' | 'inputText'> => {
  if (Buffer.byteLength(inputText) > LARGEST_PAYLOAD)
    throw validationError(
      `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST_PAYLOAD}`,
    );
  const input = parseJson(inputText);
  if (input !== undefined) return { inputText, input };
  throw new AwsError('InvalidExecutionInput', "Invalid State Machine Execution Input: 'Invalid execution input.'");
};
