import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RedshiftDataClient, RedshiftDataClientConfig } from '@aws-sdk/client-redshift-data';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Account } from './account/account.ts';
import { roleOf } from './account/prefix.ts';
import type { Sandbox } from './sandbox.ts';

/** What handlers use of an SDK client. */
interface Client {
  send(command: Command, options?: SendOptions): Promise<object>;
}

interface Command {
  readonly input: object;
  readonly constructor: { readonly name: string };
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
  const clientIn = (role: string, timeoutMs: number): Client => ({
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
  return { dynamoDb: as(), redshiftData: as(DATA_API_TIMEOUT_MS), redshiftDataAs, sfn: as(), sqs: as(), sts: as() };
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
