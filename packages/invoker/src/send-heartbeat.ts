import { SendTaskHeartbeatCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { SendHeartbeat } from './task-tokens.ts';

export const liveHeartbeatClient = (): SFNClient => new SFNClient({ requestHandler: CLIENT_TIMEOUTS });

export const sendHeartbeat =
  (client: SFNClient): SendHeartbeat =>
  async (taskToken) => {
    await client.send(new SendTaskHeartbeatCommand({ taskToken }));
  };
