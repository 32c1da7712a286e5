import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { queueNameOf } from './sqs-permissions.ts';
import type { Attributes } from './sqs-queues.ts';
import type { Upstream } from './upstream.ts';

/** fauxqs has an account and a partition of its own. */
const FAUXQS_ACCOUNT = '000000000000';
/** The attributes in which ARNs stand. */
const WITH_ARNS = ['QueueArn', 'RedrivePolicy', 'RedriveAllowPolicy'];

type Shape = Readonly<Record<string, unknown>>;

/** fauxqs, spoken to in the terms of the stage: its account, and URLs that lead to the gateway. */
export class FauxqsQueues {
  readonly #upstream: Upstream;
  readonly #account: Account;
  readonly #endpoint: () => string;

  constructor(deps: { upstream: Upstream; account: Account; endpoint: () => string }) {
    this.#upstream = deps.upstream;
    this.#account = deps.account;
    this.#endpoint = deps.endpoint;
  }

  /** @throws AwsError as fauxqs answers it */
  async call(operation: string, input: Shape): Promise<Record<string, unknown>> {
    return this.#fromFauxqs(await this.#upstream.json(`AmazonSQS.${operation}`, this.#toFauxqs(input)));
  }

  urlOf(queue: string): string {
    return `${this.#endpoint()}/${this.#account.accountId}/${queue}`;
  }

  #toFauxqs(input: Shape): Record<string, unknown> {
    const { QueueUrl, Attributes, ...rest } = input;
    return {
      ...rest,
      ...(QueueUrl === undefined ? {} : { QueueUrl: `http://fauxqs/${FAUXQS_ACCOUNT}/${queueNameOf(input)}` }),
      ...(Attributes === undefined
        ? {}
        : { Attributes: withArns(Attributes as Attributes, this.#ownPrefix(), this.#fauxqsPrefix()) }),
    };
  }

  #fromFauxqs(output: Shape): Record<string, unknown> {
    const { QueueUrl, QueueUrls, Attributes, ...rest } = output;
    const ownUrl = (url: unknown) => this.urlOf(queueNameOf({ QueueUrl: url }) ?? '');
    return {
      ...rest,
      ...(QueueUrl === undefined ? {} : { QueueUrl: ownUrl(QueueUrl) }),
      ...(QueueUrls === undefined ? {} : { QueueUrls: (QueueUrls as unknown[]).map(ownUrl) }),
      ...(Attributes === undefined
        ? {}
        : { Attributes: withArns(given(Attributes as Attributes), this.#fauxqsPrefix(), this.#ownPrefix()) }),
    };
  }

  #ownPrefix(): string {
    return arnIn(this.#account, 'sqs', '');
  }

  #fauxqsPrefix(): string {
    return arnIn({ ...this.#account, partition: 'aws', accountId: FAUXQS_ACCOUNT }, 'sqs', '');
  }
}

/** An attribute that was taken away by an empty text is not there. */
const given = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));

const withArns = (attributes: Attributes, from: string, to: string): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      WITH_ARNS.includes(name) ? value.replaceAll(from, to) : value,
    ]),
  );
