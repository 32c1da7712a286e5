import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RedshiftDataClient, RedshiftDataClientConfig } from '@aws-sdk/client-redshift-data';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Account } from './account/account.ts';
import type { Sandbox } from './sandbox.ts';

/** What handlers use of an SDK client. */
interface Client {
  send(
    command: { readonly input: object; readonly constructor: { readonly name: string } },
    options?: SendOptions,
  ): Promise<object>;
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** Request time-outs as the handlers set them (invoker/src/data-api.ts; client-timeouts.ts); milliseconds. */
const DATA_API_TIMEOUT_MS = 10_000;
const TIMEOUT_MS = 5_000;

/** The SDK clients of one sandbox: the same commands, by the model's wire. */
export interface Clients {
  readonly dynamoDb: DynamoDBClient;
  readonly redshiftData: RedshiftDataClient;
  /** A client with credentials of its own: they are fetched before the first call, and kept. */
  readonly redshiftDataAs: (config: RedshiftDataClientConfig) => RedshiftDataClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

export const clientsOf = (sandbox: Sandbox, account: Account): Clients => {
  const client = (timeoutMs: number): Client => ({
    send: ({ input, constructor }, options) => {
      const operation = constructor.name.replace(/Command$/, '');
      return account.world.wire.send({
        sandbox,
        operation,
        input,
        timeoutMs,
        signal: options?.abortSignal,
        perform: () => account.perform(operation, input, sandbox),
      });
    },
  });
  const as = <T>(timeoutMs = TIMEOUT_MS) => client(timeoutMs) as unknown as T;
  const redshiftDataAs = (config: RedshiftDataClientConfig) =>
    withCredentials(client(TIMEOUT_MS), config) as unknown as RedshiftDataClient;
  return { dynamoDb: as(), redshiftData: as(DATA_API_TIMEOUT_MS), redshiftDataAs, sfn: as(), sqs: as(), sts: as() };
};

const withCredentials = (client: Client, { credentials }: RedshiftDataClientConfig): Client => {
  let fetched: Promise<unknown> | undefined;
  const fetch = async () => {
    if (typeof credentials !== 'function') throw new Error('the owner has no credentials of its own');
    await credentials();
  };
  return {
    send: async (command, options) => {
      fetched ??= fetch();
      try {
        await fetched;
      } catch (error) {
        fetched = undefined;
        throw error;
      }
      return await client.send(command, options);
    },
  };
};
