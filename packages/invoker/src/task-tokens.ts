import { awsFailureOf, heartbeatRefusalOf } from '@sfn-redshift/shared';

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

export const taskTokens = (load: () => Promise<SendHeartbeat>): TaskTokens => ({
  isGone: async (taskToken) => {
    const sendHeartbeat = await load();
    try {
      await sendHeartbeat(taskToken);
      return false;
    } catch (error) {
      const refusal = heartbeatRefusalOf(awsFailureOf(error));
      if (refusal === undefined) throw error;
      return refusal === 'gone';
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
