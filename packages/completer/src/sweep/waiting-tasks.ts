import { DescribeExecutionCommand, SendTaskHeartbeatCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { awsFailureOf, heartbeatRefusalOf } from '@sfn-redshift/shared';
import { pacedCall } from '../paced-call.ts';

/** The tasks that wait for statements, and their executions, as far as the sweep asks after them. What is thrown is what the SDK throws. */
export interface WaitingTasks {
  /**
   * Sends the task a heartbeat. `gone`: it is proven that nobody waits with this token any more. `unknown`: Step Functions
   * does not know the token, perhaps not yet, which proves nothing.
   */
  beat(taskToken: string): Promise<'waits' | 'gone' | 'unknown'>;
  /** Whether it is proven that the execution, a Standard one, is over. */
  isOver(executionArn: string): Promise<boolean>;
}

/** The account has 10 to 15 calls of DescribeExecution a second in the long run, and 250 to 300 in hand. */
const DESCRIPTIONS_A_SECOND = 8;

/** A batch's worth. */
const MAX_WAITING = 20;

export const waitingTasks = (client: SFNClient, perSecond = DESCRIPTIONS_A_SECOND): WaitingTasks => ({
  beat: async (taskToken) => {
    try {
      await client.send(new SendTaskHeartbeatCommand({ taskToken }));
      return 'waits';
    } catch (error) {
      const refusal = heartbeatRefusalOf(awsFailureOf(error));
      if (refusal === undefined) throw error;
      return refusal;
    }
  },
  isOver: pacedCall({ name: 'DescribeExecution', perSecond, maxWaiting: MAX_WAITING }, (executionArn: string) =>
    isOver(client, executionArn),
  ),
});

const isOver = async (client: SFNClient, executionArn: string): Promise<boolean> => {
  try {
    // Without input and output, which are none of ours, and which a key may protect.
    const command = new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' });
    const { status } = await client.send(command);
    return status === 'SUCCEEDED' || status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
  } catch (error) {
    const { name } = awsFailureOf(error);
    // An ARN that somebody made up, or of another region.
    if (name === 'ExecutionDoesNotExist' || name === 'InvalidArn') return false;
    throw error;
  }
};
