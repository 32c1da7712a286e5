import { randomUUID } from 'node:crypto';
import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import type { ServiceCaller } from '../../common/ports.ts';
import { HalfMadeError } from '../deployment-error.ts';
import { callAsCloudFormation } from '../stage-parts.ts';
import { type Answer, asTexts, readAnswer } from './answer.ts';
import type { Responses } from './responses.ts';

type Values = Readonly<Record<string, unknown>>;

/** One thing asked of a custom resource. */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly StackId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  /** Not for Create. */
  readonly PhysicalResourceId?: string;
  /** With ServiceToken. */
  readonly ResourceProperties: Values;
  /** For Update only. */
  readonly OldResourceProperties?: Values;
}

export interface Expectation {
  /** As what the resource is deleted that never told its id. */
  readonly idIfUnknown: string;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface CustomResourcesDeps {
  readonly calls: ServiceCaller;
  readonly clock: Clock;
  readonly log: Log;
  readonly responses: Responses;
}

/** Asks custom resources, and waits for what they answer. */
export class CustomResources {
  readonly #deps: CustomResourcesDeps;
  readonly #open = Promise.withResolvers<void>();

  constructor(deps: CustomResourcesDeps) {
    this.#deps = deps;
  }

  /** From now on requests go out: what the functions behind them call is there. */
  open(): void {
    this.#open.resolve();
  }

  /**
   * Invokes the function behind the resource, asynchronously, and waits for the answer that comes to the response URL.
   *
   * @throws HalfMadeError when the answer is a failure, or none comes in time, or nobody wants to wait any more
   * @throws AwsError when the function cannot be invoked
   */
  async ask(request: CustomResourceRequest, expectation: Expectation): Promise<Answer> {
    const { signal, idIfUnknown } = expectation;
    await unlessAborted(this.#open.promise, signal);
    const requestId = randomUUID();
    const { StackId: stackId, LogicalResourceId: logicalId } = request;
    const address = { stackId, logicalId, requestId };
    const { clock, log, responses } = this.#deps;
    const answer = Promise.withResolvers<Buffer>();
    const { url, forget } = responses.expect(address, (body) => answer.resolve(body));
    const timer = clock.after(expectation.timeoutSeconds * 1000, () => answer.reject(noAnswer(requestId, idIfUnknown)));
    const cancel = () => answer.reject(new HalfMadeError('cancelled', idIfUnknown));
    signal.addEventListener('abort', cancel, { once: true });
    try {
      log.info('custom resource is asked', { request: request.RequestType, logicalId, requestId });
      await this.#invoke(request, requestId, url);
      return readAnswer(await answer.promise, address, idIfUnknown);
    } finally {
      timer.cancel();
      forget();
      signal.removeEventListener('abort', cancel);
    }
  }

  async #invoke(request: CustomResourceRequest, RequestId: string, ResponseURL: string): Promise<void> {
    const { ServiceToken } = request.ResourceProperties;
    const event = { ...(asTexts(request) as Values), RequestId, ResponseURL, ServiceToken };
    const input = { FunctionName: ServiceToken, InvocationType: 'Event', Payload: JSON.stringify(event) };
    await callAsCloudFormation(this.#deps, 'lambda', 'Invoke', input);
  }
}

const noAnswer = (requestId: string, id: string): HalfMadeError =>
  new HalfMadeError(
    `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}].`,
    id,
  );

const unlessAborted = async (promise: Promise<void>, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
