import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { parseArn } from '../common/arn.ts';
import type { AsyncTarget } from './async-invocation.ts';
import type { LambdaMetric } from './function-metrics.ts';
import type { FunctionRunner, InvokeRequest, RunnerDeps } from './function-runner.ts';
import { type AsyncOutcome, type InvocationRecord, reasonOf, recordOf } from './invocation-record.ts';

type DestinationDeps = Pick<RunnerDeps, 'account' | 'calls' | 'clock' | 'roles' | 'endpoint' | 'log'>;

/** The dead-letter queue takes no more of a reason. */
const LONGEST_REASON = 1024;
const EMPTY_REASON = 'none';

/** Where asynchronous invocations go when they have ended. All is sent under the function's role: without the permission it is lost. */
export class Destinations {
  readonly #deps: DestinationDeps;

  constructor(deps: DestinationDeps) {
    this.#deps = deps;
  }

  /** A failure goes to the dead-letter queue and to the destination, each where there is one. What cannot be sent is counted, and lost. */
  async settle(target: AsyncTarget, request: InvokeRequest, outcome: AsyncOutcome, signal: AbortSignal): Promise<void> {
    const runner = target.runner();
    const { onSuccess, onFailure } = target.config();
    const isSuccess = outcome.condition === 'Success';
    const { deadLetterArn } = runner.config;
    if (!isSuccess && deadLetterArn !== undefined)
      await this.#try(runner, request, 'DeadLetterErrors', () =>
        this.#toQueue(runner, deadLetterArn, deadLetter(request, outcome), signal),
      );
    const destination = isSuccess ? onSuccess : onFailure;
    if (destination === undefined) return;
    const record = recordOf(request, outcome, this.#deps.clock.now());
    await this.#try(runner, request, 'DestinationDeliveryFailures', () =>
      this.#toDestination(runner, destination, record, isSuccess, signal),
    );
  }

  async #try(
    runner: FunctionRunner,
    { qualifier }: InvokeRequest,
    metric: LambdaMetric,
    send: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await send();
    } catch (error) {
      runner.metrics.put(metric, 1, qualifier);
      this.#deps.log.warn('record of an asynchronous invocation lost', {
        function: runner.config.name,
        metric,
        error: error instanceof Error ? error.name : '',
      });
    }
  }

  #toDestination(
    runner: FunctionRunner,
    arn: string,
    record: InvocationRecord,
    isSuccess: boolean,
    signal: AbortSignal,
  ): Promise<unknown> {
    const text = JSON.stringify(record);
    const { service } = parseArn(arn) ?? {};
    const call = { caller: runner.session } as const;
    if (service === 'sqs') return this.#toQueue(runner, arn, { MessageBody: text }, signal);
    if (service === 'lambda') {
      const input = { FunctionName: arn, InvocationType: 'Event', Payload: text };
      return this.#deps.calls.call({ ...call, service: 'lambda', operation: 'Invoke', input });
    }
    const entry = {
      Source: 'lambda',
      DetailType: `Lambda Function Invocation Result - ${isSuccess ? 'Success' : 'Failure'}`,
      Resources: [arn, String((record.requestContext as { functionArn: unknown }).functionArn)],
      Detail: text,
      EventBusName: arn,
    };
    return this.#deps.calls.call({ ...call, service: 'events', operation: 'PutEvents', input: { Entries: [entry] } });
  }

  async #toQueue(
    runner: FunctionRunner,
    arn: string,
    message: Omit<SendMessageCommandInput, 'QueueUrl'>,
    abortSignal: AbortSignal,
  ): Promise<void> {
    const { accountId = '', resource = '' } = parseArn(arn) ?? {};
    const { account, endpoint, roles } = this.#deps;
    const client = new SQSClient({
      region: account.region,
      endpoint: endpoint(),
      credentials: roles.credentialsFor(runner.session),
    });
    const command = new SendMessageCommand({ QueueUrl: `${endpoint()}/${accountId}/${resource}`, ...message });
    await client.send(command, { abortSignal }).finally(() => client.destroy());
  }
}

const deadLetter = (request: InvokeRequest, outcome: AsyncOutcome) => ({
  MessageBody: request.payload,
  MessageAttributes: {
    RequestID: { DataType: 'String', StringValue: request.requestId },
    ErrorCode: { DataType: 'Number', StringValue: outcome.result ? '200' : '429' },
    ErrorMessage: {
      DataType: 'String',
      StringValue: reasonOf(outcome).slice(0, LONGEST_REASON) || EMPTY_REASON,
    },
  },
});
