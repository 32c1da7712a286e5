import { randomUUID } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { ServiceCaller } from '../common/ports.ts';
import type { ApiCall, RawRequest, RawResponse, Service } from '../common/service.ts';
import type { Identities } from '../iam/identities.ts';
import { CallLog, type CallRecord } from './call-log.ts';
import { credentialOf } from './credential.ts';
import { Dispatcher, type Outcome } from './dispatcher.ts';
import { toAwsError } from './errors.ts';
import { type Handler, HttpServer } from './http-server.ts';
import { type Addressed, type Demand, jsonText } from './protocols/protocol.ts';
import { type Route, route } from './router.ts';
import { StagePaths } from './stage-paths.ts';

/** The largest request of any service here (BatchWriteItem); S3 parts may be larger on AWS. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * The door to every service of the stage: one port for all AWS wire protocols. Each call is resolved to its caller by
 * access key, checked against the caller's policies, performed, and recorded; calls from inside the process too.
 */
export class Gateway implements ServiceCaller {
  readonly calls = new CallLog();
  /** What is asked of the stage itself; neither checked against policies nor recorded. */
  readonly stagePaths = new StagePaths();
  readonly #clock: Clock;
  readonly #identities: Identities;
  readonly #dispatcher: Dispatcher;
  readonly #server: HttpServer;
  #endpoint: string | undefined;

  constructor(deps: { account: Account; clock: Clock; identities: Identities; log: Log }) {
    this.#clock = deps.clock;
    this.#identities = deps.identities;
    this.#dispatcher = new Dispatcher(deps);
    this.#server = new HttpServer((request) => this.#answer(request), {
      maxBodyBytes: MAX_BODY_BYTES,
      now: () => this.#clock.now(),
    });
  }

  /** Takes the place of a service of the same name. */
  register(service: Service): void {
    this.#dispatcher.register(service);
  }

  /**
   * @param port any free one by default
   * @returns the endpoint, `http://127.0.0.1:PORT`
   * @throws Error that names the port, when it is in use
   */
  async listen(port = 0): Promise<string> {
    this.#endpoint = await this.#server.listen(port);
    return this.#endpoint;
  }

  /** @throws Error before `listen` has resolved */
  get endpoint(): string {
    if (this.#endpoint === undefined) throw new Error('The gateway does not listen yet.');
    return this.#endpoint;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  async call(request: Parameters<ServiceCaller['call']>[0]): Promise<unknown> {
    const call: ApiCall = { ...request, requestId: randomUUID() };
    const startedAt = this.#clock.now();
    const outcome = await this.#dispatcher.dispatch(call);
    const output = outputOf(outcome);
    this.#record(call, outcome, {
      startedAt,
      via: 'stage',
      requestBytes: sizeOf(call.input),
      responseBytes: sizeOf(output),
    });
    if ('error' in outcome.result) throw outcome.result.error;
    return output;
  }

  async #answer(request: Parameters<Handler>[0]): Promise<RawResponse> {
    const requestId = randomUUID();
    if (StagePaths.includes(request)) return await this.#answerForStage(request);
    const whole = { ...request, body: request.body ?? Buffer.alloc(0) };
    const way = route(whole);
    try {
      if (!request.body) throw tooLarge();
      if ('refusal' in way) throw way.refusal;
      return await this.#serve(way, requestId);
    } catch (error) {
      return way.protocol.error(way, toAwsError(error), requestId);
    }
  }

  async #answerForStage(request: Parameters<Handler>[0]): Promise<RawResponse> {
    return await this.stagePaths.answer(() => {
      if (!request.body) throw tooLarge();
      const whole = { ...request, body: request.body };
      return { request: whole, caller: this.#callerOf(whole) };
    });
  }

  async #serve(way: Route & Addressed, requestId: string): Promise<RawResponse> {
    const startedAt = this.#clock.now();
    const demand = way.protocol.parse(way);
    const call: ApiCall = { ...demand, caller: this.#callerOf(way.request), requestId };
    const outcome = await this.#dispatcher.dispatch(call);
    const response = written(way, demand, outcome, requestId);
    const bytes = { requestBytes: way.request.body.length, responseBytes: response.body.length };
    this.#record(call, outcome, { startedAt, via: 'http', ...bytes });
    return response;
  }

  #callerOf(request: RawRequest) {
    return this.#identities.resolve(credentialOf(request)?.accessKeyId, this.#clock.now());
  }

  #record(
    { service, operation, caller }: ApiCall,
    { needed, result }: Outcome,
    { startedAt, ...facts }: Pick<CallRecord, 'via' | 'requestBytes' | 'responseBytes'> & { startedAt: number },
  ): void {
    const durationMs = this.#clock.now() - startedAt;
    const outcome = 'error' in result ? result.error.code : 'ok';
    this.calls.add({ time: startedAt, service, operation, caller, outcome, durationMs, needed, ...facts });
  }
}

const written = (way: Route, demand: Demand, { result }: Outcome, requestId: string): RawResponse => {
  if ('error' in result) return way.protocol.error(way, result.error, requestId);
  return 'raw' in result.reply ? result.reply.raw : way.protocol.output(demand, result.reply.output, requestId);
};

/** A forwarded answer has no output to hand to a caller inside the process but its bytes. */
const outputOf = ({ result }: Outcome): unknown =>
  'error' in result ? undefined : 'raw' in result.reply ? result.reply.raw : result.reply.output;

const tooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLarge', `A request may have ${MAX_BODY_BYTES} bytes.`, { status: 413 });

const sizeOf = (value: unknown): number => (value === undefined ? 0 : Buffer.byteLength(jsonText(value)));
