import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { World } from '../../scenarios/world.ts';
import type { MadeWarehouse } from '../warehouse-stack.ts';

/** Where the probe asks. */
export interface ProbeGround {
  /** Of the stack of the probe. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly dataApi: RedshiftDataClient;
  readonly target: MadeWarehouse['target'];
  /** Step Functions as a role sees it. */
  readonly sfnAs: (roleArn: string | undefined) => SFNClient;
  readonly until: World['until'];
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/** An open point of aws-platform.md §10. */
export interface Question {
  readonly point: number;
  readonly question: string;
  /** What AWS says to it. */
  readonly ask: (on: ProbeGround) => Promise<string>;
}

/** A question, and what came of it. */
export interface Answer {
  readonly point: number;
  readonly question: string;
  readonly answer: string;
}
