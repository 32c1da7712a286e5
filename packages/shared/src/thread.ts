import { keyInName } from './statement-name.ts';
import type { TrackingItem } from './tracking-item.ts';

/** What leads from a statement to who asked for it, and back: of a task, or of a resource of CloudFormation's. */
export interface Thread {
  readonly executionName?: string;
  /** Of the state, as the request's `attempt` has it. */
  readonly stateName?: string;
  readonly stackName?: string;
  readonly logicalResourceId?: string;
  readonly invocationKey: string;
}

/** What of an item tells it. */
export type Threaded = Pick<TrackingItem, 'owner' | 'invocationKey' | 'executionArn' | 'attempt'>;

export const threadOf = ({ owner, executionArn, attempt, invocationKey }: Threaded): Thread => ({
  ...ofOwner(executionArn ?? owner),
  ...(attempt && { stateName: attempt.state }),
  invocationKey,
});

/** As much of the thread as a statement's name tells; nothing where it is none of ours. */
export const threadOfName = (statementName: string): Thread | undefined => {
  const key = keyInName(statementName);
  return key && threadOf(key);
};

/** `arn:…:states:REGION:ACCOUNT:execution:MACHINE:NAME`; express ones have an id after the name. */
const EXECUTION = /^arn:[^:]+:states:[^:]*:[^:]*:(?:execution|express):[^:]+:([^:]+)/;
/** The ARN of a stack, its unique id, and the resource's logical one. */
const RESOURCE = /^arn:[^:]+:cloudformation:[^:]*:[^:]*:stack\/([^/]+)\/[^/]+\/([^/]+)$/;

/** The name of an execution of Step Functions; undefined for what is no ARN of one. */
export const executionNameOf = (executionArn: string): string | undefined => EXECUTION.exec(executionArn)?.[1];

const ofOwner = (owner: string): Partial<Thread> => {
  const executionName = executionNameOf(owner);
  if (executionName !== undefined) return { executionName };
  const [, stackName, logicalResourceId] = RESOURCE.exec(owner) ?? [];
  return stackName !== undefined && logicalResourceId !== undefined ? { stackName, logicalResourceId } : {};
};
