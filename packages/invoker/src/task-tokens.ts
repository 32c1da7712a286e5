import { awsFailureOf } from '@sfn-redshift/shared';

/** The tasks that wait for statements, as far as the invoker asks after them. */
export interface TaskTokens {
  /**
   * Whether it is proven that nobody waits with this token any more. What it throws is what the SDK throws: then nobody
   * knows.
   */
  isGone(taskToken: string): Promise<boolean>;
}

/** Sends one heartbeat; to a task that lives it does no more than that. */
export type SendHeartbeat = (taskToken: string) => Promise<void>;

/**
 * TaskDoesNotExist and InvalidToken prove nothing: Step Functions may not know the task yet, and a token that was never
 * one says nothing of the task that waits.
 */
export const taskTokens = (load: () => Promise<SendHeartbeat>): TaskTokens => ({
  isGone: async (taskToken) => {
    const sendHeartbeat = await load();
    try {
      await sendHeartbeat(taskToken);
      return false;
    } catch (error) {
      const { name } = awsFailureOf(error);
      if (name === 'TaskTimedOut') return true;
      if (name === 'TaskDoesNotExist' || name === 'InvalidToken') return false;
      throw error;
    }
  },
});

/** Loaded when first needed: a first try asks after nobody, and need not load the client. */
export const liveTaskTokens = (): TaskTokens => {
  let loading: Promise<SendHeartbeat> | undefined;
  return taskTokens(() => (loading ??= loadHeartbeat()));
};

const loadHeartbeat = async (): Promise<SendHeartbeat> => {
  const { liveHeartbeatClient, sendHeartbeat } = await import('./send-heartbeat.ts');
  return sendHeartbeat(liveHeartbeatClient());
};
