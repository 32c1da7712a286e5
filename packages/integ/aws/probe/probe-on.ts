import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Run } from '../../runner/stage.ts';
import type { Ground } from '../../scenarios/ground.ts';
import type { AwsParts } from '../aws-stage.ts';
import { type Clients, roleCredentials } from '../clients.ts';
import type { MadeWarehouse } from '../warehouse-stack.ts';
import type { ProbeGround } from './probe-ground.ts';
import { runProbe } from './run-probe.ts';

export interface ProbeParts {
  /** Of the stack of the probe. */
  readonly outputs: ProbeGround['outputs'];
  readonly target: MadeWarehouse['target'];
  readonly clients: Clients;
  readonly ground: Ground;
  readonly run: Run;
  readonly parts: AwsParts;
}

/** Probes the account in which the stack of the probe is deployed; what it finds goes to the directory. */
export const probeOn = async (probe: ProbeParts, directory: string): Promise<void> => {
  const { clients, ground, outputs, target, run } = probe;
  const { clients: options, timing, dataApi } = probe.parts;
  const [logs, own] = [new CloudWatchLogsClient(options), new RedshiftDataClient(options)];
  const sfnAs = (roleArn: string | undefined) =>
    new SFNClient({ ...options, credentials: roleCredentials(clients.sts, roleArn) });
  const on: ProbeGround = {
    ...{ outputs, target, logs, sfnAs, sfn: clients.sfn, sqs: clients.sqs, dataApi: dataApi?.client ?? own },
    until: (find) => ground.world.until(find),
    sleep: (ms) => timing.sleep(ms, run.signal),
    now: () => timing.now(),
  };
  try {
    await runProbe(on, directory, run);
  } finally {
    for (const client of [logs, own]) client.destroy();
  }
};
