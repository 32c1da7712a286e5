import type { S3Client } from '@aws-sdk/client-s3';
import type { ServiceCaller } from '../common/ports.ts';
import type { ServiceName } from '../common/service.ts';
import type { EventBus } from '../event-bridge/index.ts';
import type { Identities } from '../iam/identities.ts';
import type { Lambda } from '../lambda/index.ts';
import type { Warehouses } from '../redshift-data/warehouses.ts';
import type { BucketPolicies } from '../services/bucket-policies.ts';
import type { Keys } from '../services/kms.ts';
import type { Logs } from '../services/logs.ts';
import type { Secrets } from '../services/secrets.ts';
import type { StepFunctions } from '../step-functions/index.ts';
import type { CustomResources } from './custom-resources/custom-resources.ts';

/** The parts of a stage in which resources come to exist. */
export interface StageParts {
  readonly calls: ServiceCaller;
  readonly customResources: CustomResources;
  readonly identities: Identities;
  readonly keys: Keys;
  readonly lambda: Lambda;
  readonly events: EventBus;
  readonly logs: Logs;
  readonly secrets: Secrets;
  readonly stateMachines: StepFunctions;
  readonly warehouses: Warehouses;
  readonly bucketPolicies: BucketPolicies;
  /** Buckets are made over HTTP, as the gateway forwards S3 only. */
  readonly s3: S3Client;
  /** Where the gateway listens: queue URLs begin with it. */
  readonly endpoint: string;
}

/** As whom CloudFormation acts; what a real deployment may do is the matter of its own roles, which the stage does not play. */
export const CLOUDFORMATION = { type: 'administrator', arn: 'cloudformation.amazonaws.com' } as const;

export const callAsCloudFormation = (
  { calls }: Pick<StageParts, 'calls'>,
  service: ServiceName,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> => calls.call({ caller: CLOUDFORMATION, service, operation, input });
