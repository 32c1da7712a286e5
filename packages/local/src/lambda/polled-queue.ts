import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseArn } from '../common/arn.ts';
import type { Caller } from '../common/service.ts';
import type { RunnerDeps } from './function-runner.ts';

const LONG_POLL_SECONDS = 20;
/** SQS's limit of a call. */
export const MOST_MESSAGES = 10;

/** A queue, used under the role that its function has at the time. */
export class PolledQueue {
  readonly #url: string;
  readonly #sessionNow: () => Caller;
  readonly #deps: Pick<RunnerDeps, 'account' | 'roles' | 'endpoint'>;
  #client: { readonly session: Caller; readonly sqs: SQSClient } | undefined;

  constructor(arn: string, sessionNow: () => Caller, deps: Pick<RunnerDeps, 'account' | 'roles' | 'endpoint'>) {
    const { accountId = '', resource = '' } = parseArn(arn) ?? {};
    this.#url = `${deps.endpoint()}/${accountId}/${resource}`;
    this.#sessionNow = sessionNow;
    this.#deps = deps;
  }

  async visibilitySeconds(): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['VisibilityTimeout'] });
    const { Attributes } = await this.#sqs().send(command);
    return Number(Attributes?.VisibilityTimeout);
  }

  /** Waits for messages, at most as long as SQS does. */
  async receive(most: number, signal: AbortSignal): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(most, MOST_MESSAGES),
      WaitTimeSeconds: LONG_POLL_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#sqs().send(command, { abortSignal: signal });
    return Messages;
  }

  async delete(messages: readonly Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += MOST_MESSAGES) {
      const some = messages.slice(from, from + MOST_MESSAGES);
      const Entries = some.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs().send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }

  close(): void {
    this.#client?.sqs.destroy();
  }

  #sqs(): SQSClient {
    const session = this.#sessionNow();
    if (this.#client?.session === session) return this.#client.sqs;
    this.#client?.sqs.destroy();
    const { account, endpoint, roles } = this.#deps;
    const credentials = roles.credentialsFor(session);
    const sqs = new SQSClient({ region: account.region, endpoint: endpoint(), credentials, maxAttempts: 1 });
    this.#client = { session, sqs };
    return sqs;
  }
}
