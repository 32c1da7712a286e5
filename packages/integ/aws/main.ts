import { randomBytes } from 'node:crypto';
import { type RunOptions, runStage } from '../runner/run-stage.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';
import { awsStage } from './aws-stage.ts';
import { cdkDeployment } from './cdk-deployment.ts';
import { askOnTerminal } from './confirm.ts';
import { startDataApi } from './data-api-beside.ts';
import { parseTarget } from './target-choice.ts';
import { REAL_TIME } from './timing.ts';

export interface AwsRunOptions extends Omit<RunOptions, 'scenarios'> {
  readonly target: string;
  readonly yes: boolean;
  readonly keep: boolean;
  readonly probe: boolean;
  /** Another endpoint than AWS's; the Data API stands beside it. */
  readonly 'endpoint-url'?: string;
}

/** All scenarios that there are, or some, in an AWS account, or at another endpoint; the exit code. */
export const playOnAws = async (options: AwsRunOptions): Promise<number> => {
  const { yes, keep, probe, signal, say, 'endpoint-url': endpoint } = options;
  const beside = endpoint === undefined ? undefined : await startDataApi(endpoint, say, signal);
  try {
    const stage = awsStage(
      { target: parseTarget(options.target), keep, probe: probe ? options.report : undefined, name: nameOfRun() },
      {
        clients: endpoint === undefined ? {} : { endpoint },
        deployment: cdkDeployment(endpoint === undefined ? {} : { endpointUrl: endpoint }),
        confirm: yes ? () => Promise.resolve(true) : askOnTerminal(signal),
        timing: REAL_TIME,
        ...(beside && { dataApi: beside }),
      },
    );
    return await runStage(stage, { ...options, scenarios: SCENARIOS });
  } finally {
    await beside?.close();
  }
};

const nameOfRun = (): string => `sfn-redshift-integ-${randomBytes(4).toString('hex')}`;
