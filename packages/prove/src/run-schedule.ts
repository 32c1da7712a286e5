import { Account } from './account/account.ts';
import { sendStrayMessages } from './account/stray-messages.ts';
import { checkRest } from './checks/check-rest.ts';
import type { Finding } from './findings.ts';
import type { Schedule } from './schedule.ts';
import { onVirtualTime } from './virtual-time.ts';
import { worldOf } from './world.ts';

/** What came of a schedule. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly trace: readonly string[];
}

/** Runs a schedule until nothing is left to happen, and checks it. */
export const runSchedule = async (schedule: Schedule): Promise<Verdict> => {
  const world = worldOf(schedule);
  const account = new Account(world);
  const atRest = await onVirtualTime(world.time, async () => {
    account.workflows.start();
    sendStrayMessages(account);
    account.sweeps.start();
    return await world.time.runOut();
  });
  if (atRest) checkRest(account);
  else world.findings.add(4, 'the account never comes to rest');
  return { findings: world.findings.all, trace: world.trace.lines };
};
