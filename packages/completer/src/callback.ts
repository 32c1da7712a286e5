import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { awsFailureOf, type TaskResult } from '@sfn-redshift/shared';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';

/** What its receiver made of an answer: Step Functions, Lambda or CloudFormation. */
export type Delivery =
  | { readonly type: 'delivered' }
  /** The token is of no use: the task has ended, or (so soon after its start) is not known yet. `reason`: the exception. */
  | { readonly type: 'gone'; readonly reason: string }
  /** The output is not one that it takes; the task still waits. */
  | { readonly type: 'invalidOutput' };

/** Answers tasks. What it throws is what the SDK throws: another try may succeed. */
export interface TaskCallback {
  answer(taskToken: string, result: TaskResult): Promise<Delivery>;
}

/** Answers after which no repetition helps (Step Functions API reference). */
const GONE = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

export const liveCallbackClient = (): SFNClient => new SFNClient({ requestHandler: CLIENT_TIMEOUTS });

export const taskCallback = (client: SFNClient): TaskCallback => ({
  answer: async (taskToken, result) => {
    try {
      await send(client, taskToken, result);
      return { type: 'delivered' };
    } catch (error) {
      const { name } = awsFailureOf(error);
      if (GONE.includes(name)) return { type: 'gone', reason: name };
      if (name === 'InvalidOutput') return { type: 'invalidOutput' };
      throw error;
    }
  },
});

const send = async (client: SFNClient, taskToken: string, result: TaskResult): Promise<void> => {
  if (result.type === 'success') {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(result.output) }));
  } else {
    const { error, cause } = result;
    await client.send(new SendTaskFailureCommand({ taskToken, error, cause }));
  }
};
