import { S3Client } from '@aws-sdk/client-s3';
import { CustomResources } from '../deploy/custom-resources/custom-resources.ts';
import { Responses } from '../deploy/custom-resources/responses.ts';
import { CLOUDFORMATION, type StageParts } from '../deploy/stage-parts.ts';
import { createEventBus } from '../event-bridge/index.ts';
import { createLambda } from '../lambda/index.ts';
import { CloudWatch } from '../metrics/cloudwatch/cloudwatch.ts';
import { reserveMetrics } from '../metrics/metrics-resource.ts';
import { BucketPolicies } from '../services/bucket-policies.ts';
import { startDynamoDb } from '../services/dynamodb.ts';
import { Keys } from '../services/kms.ts';
import { Logs } from '../services/logs.ts';
import { startSqsAndS3 } from '../services/sqs-and-s3.ts';
import { createSts } from '../services/sts.ts';
import { createStepFunctions } from '../step-functions/index.ts';
import type { StageCore } from './core.ts';

export interface PartsOptions {
  readonly accountConcurrency?: number;
}

/** The parts that need no starting. The gateway must listen already. */
export const createParts = (core: StageCore, { accountConcurrency }: PartsOptions = {}): StageParts => {
  const { account, clock, identities, gateway, disturbances, metrics, log, closers } = core;
  const endpoint = () => gateway.endpoint;
  const common = { account, clock, roles: identities, calls: gateway, endpoint, log };
  const keys = new Keys(core);
  const logs = new Logs({ ...core, keys });
  reserveMetrics(gateway.stagePaths, metrics);
  const events = createEventBus({ ...common, traffic: disturbances.eventTraffic });
  closers.add(() => events.close());
  const lambda = createLambda({
    ...common,
    callers: disturbances.functions,
    metrics,
    ...(accountConcurrency === undefined ? {} : { accountConcurrency }),
  });
  closers.add(() => lambda.close());
  const stateMachines = createStepFunctions({ ...common, events });
  closers.add(() => stateMachines.close());
  const responses = new Responses(core);
  gateway.hosts.reserve(responses.host, (request) => responses.put(request));
  const customResources = new CustomResources({ calls: gateway, clock, log, responses });
  const ofTheirOwn = [new CloudWatch(core), createSts(core), core.secrets];
  for (const service of [keys, logs, events, lambda, stateMachines, ...ofTheirOwn]) gateway.register(service);
  return {
    calls: gateway,
    customResources,
    identities,
    keys,
    logs,
    lambda,
    events,
    stateMachines,
    warehouses: core.warehouses,
    secrets: core.secrets,
    bucketPolicies: new BucketPolicies(),
    s3: s3ClientOf(core),
    endpoint: endpoint(),
  };
};

/** Speaks as CloudFormation. */
const s3ClientOf = ({ account, gateway, identities, closers }: StageCore): S3Client => {
  const client = new S3Client({
    region: account.region,
    endpoint: gateway.endpoint,
    forcePathStyle: true,
    credentials: identities.credentialsFor(CLOUDFORMATION),
    maxAttempts: 1,
  });
  closers.add(() => client.destroy());
  return client;
};

/** The stores, each a server of a library behind the gateway. */
export const startStores = async (
  { account, disturbances, gateway, stores }: StageCore,
  { bucketPolicies, keys }: StageParts,
): Promise<void> => {
  const closed = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
    const store = await started;
    stores.add(() => store.close());
    return store;
  };
  const sqsAndS3 = closed(startSqsAndS3(account, { endpoint: () => gateway.endpoint, keys, bucketPolicies }));
  const dynamoDb = closed(startDynamoDb(account, keys));
  // Whichever fails, the other is waited for, so that it is known what there is to close.
  await Promise.allSettled([sqsAndS3, dynamoDb]);
  const { sqs, s3 } = await sqsAndS3;
  for (const service of [disturbances.queues(sqs), s3, await dynamoDb]) gateway.register(service);
};
