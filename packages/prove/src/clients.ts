import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RedshiftDataClient, RedshiftDataClientConfig } from '@aws-sdk/client-redshift-data';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { durableCallbacks } from '@sfn-redshift/completer/lambda-callbacks';
import type { s3Store } from '@sfn-redshift/completer/result/s3-store';
import type { Account } from './account/account.ts';
import { roleOf } from './account/prefix.ts';
import type { Sandbox } from './sandbox.ts';

/** What handlers use of an SDK client. */
interface Client {
  /** Whole numbers come as they are: what makes them so at a real client is not needed. */
  readonly middlewareStack: { add(): void };
  send(command: Command, options?: SendOptions): Promise<object>;
}

interface Command {
  readonly input: object;
  readonly constructor: { readonly name: string };
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** Request time-outs as the handlers set them (invoker/src/data-api.ts; client-timeouts.ts; completer/src/result/s3-store.ts); milliseconds. */
const DATA_API_TIMEOUT_MS = 10_000;
const TIMEOUT_MS = 5_000;
const S3_TIMEOUT_MS = 15_000;

type LambdaClient = Parameters<typeof durableCallbacks>[0];
type S3Client = Parameters<typeof s3Store>[0];

const NO_MIDDLEWARE = { add: () => undefined };

/** What the uploader asks a client of S3 for. */
const S3_CONFIG = {
  endpoint: () => Promise.resolve({ protocol: 'https:', hostname: 's3.us-east-1.amazonaws.com', path: '/' }),
  requestChecksumCalculation: () => Promise.resolve('WHEN_REQUIRED'),
};

/** The SDK clients of one sandbox: the same commands, by the model's wire. */
export interface Clients {
  readonly dynamoDb: DynamoDBClient;
  readonly redshiftData: RedshiftDataClient;
  /** A client with credentials of its own: they are fetched before the first call, and kept. */
  readonly redshiftDataAs: (config: RedshiftDataClientConfig) => RedshiftDataClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
}

export const clientsOf = (sandbox: Sandbox, account: Account): Clients => {
  const clientIn = (role: string, timeoutMs: number): Client => ({
    middlewareStack: NO_MIDDLEWARE,
    send: ({ input, constructor }, options) => {
      const operation = constructor.name.replace(/Command$/, '');
      return account.world.wire.send({
        sandbox,
        operation,
        input,
        timeoutMs,
        signal: options?.abortSignal,
        perform: () => account.perform(operation, input, sandbox, role),
      });
    },
  });
  const as = <T>(timeoutMs = TIMEOUT_MS) => clientIn(roleOf(sandbox.of), timeoutMs) as unknown as T;
  const redshiftDataAs = (config: RedshiftDataClientConfig) =>
    withCredentials((role) => clientIn(role, TIMEOUT_MS), config) as unknown as RedshiftDataClient;
  const s3 = { config: S3_CONFIG, ...clientIn(roleOf(sandbox.of), S3_TIMEOUT_MS) } as unknown as S3Client;
  return {
    dynamoDb: as(),
    redshiftData: as(DATA_API_TIMEOUT_MS),
    redshiftDataAs,
    sfn: as(),
    sqs: as(),
    sts: as(),
    s3,
    lambda: as(),
  };
};

/** In the role whose credentials it gets: their session token says which. */
const withCredentials = (clientIn: (role: string) => Client, { credentials }: RedshiftDataClientConfig): Client => {
  let fetched: Promise<Client> | undefined;
  const fetch = async () => {
    if (typeof credentials !== 'function') throw new Error('the owner has no credentials of its own');
    const { sessionToken = '' } = await credentials();
    return clientIn(sessionToken);
  };
  return {
    middlewareStack: NO_MIDDLEWARE,
    send: async (command, options) => {
      fetched ??= fetch();
      let client: Client;
      try {
        client = await fetched;
      } catch (error) {
        fetched = undefined;
        throw error;
      }
      return await client.send(command, options);
    },
  };
};
