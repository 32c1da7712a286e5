import { randomUUID } from 'node:crypto';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ServiceCaller } from '../common/ports.ts';
import type { ApiCall, RawRequest, RawResponse, Service } from '../common/service.ts';
import { NoAnswer } from '../faults/no-answer.ts';
import type { Identities } from '../iam/identities.ts';
import type { CallingFunctions } from '../lambda/calling-functions.ts';
import { CallLog, type CallRecord } from './call-log.ts';
import { credentialOf } from './credential.ts';
import { Dispatcher, type DispatcherDeps, type Outcome } from './dispatcher.ts';
import { toAwsError } from './errors.ts';
import { answerAsS3, HostRoutes } from './host-routes.ts';
import { type Answer, type Handler, HttpServer } from './http-server.ts';
import { type Addressed, type Demand, jsonText } from './protocols/protocol.ts';
import { type Route, route } from './router.ts';
import { StagePaths } from './stage-paths.ts';

/** The largest request of any service here (BatchWriteItem); S3 parts may be larger on AWS. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface GatewayDeps extends DispatcherDeps {
  /** Tells which calls the code of functions makes. */
  readonly functions?: CallingFunctions;
}

/** When a call began. */
interface Start {
  readonly startOrder: number;
  readonly time: number;
}

/**
 * The door to every service of the stage: one port for all AWS wire protocols. Each call is resolved to its caller by
 * access key, checked against the caller's policies, performed, and recorded; calls from inside the process too.
 */
export class Gateway implements ServiceCaller {
  readonly calls = new CallLog();
  /** What is asked of the stage itself; neither checked against policies nor recorded. */
  readonly stagePaths = new StagePaths();
  readonly hosts = new HostRoutes();
  readonly #clock: Clock;
  readonly #identities: Identities;
  readonly #dispatcher: Dispatcher;
  readonly #functions: CallingFunctions | undefined;
  readonly #server: HttpServer;
  #started = 0;
  #endpoint: string | undefined;

  constructor(deps: GatewayDeps) {
    this.#clock = deps.clock;
    this.#identities = deps.identities;
    this.#functions = deps.functions;
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
    const start = this.#start();
    const outcome = await this.#dispatcher.dispatch(call);
    const output = outputOf(outcome);
    const bytes = { requestBytes: sizeOf(call.input), responseBytes: sizeOf(output) };
    this.#record(call, outcome, { ...start, via: 'stage', ...bytes });
    if ('error' in outcome.result) throw outcome.result.error;
    return output;
  }

  async #answer(request: Parameters<Handler>[0]): Promise<Answer> {
    const requestId = randomUUID();
    if (StagePaths.includes(request)) return await this.#answerForStage(request);
    const whole = { ...request, body: request.body ?? Buffer.alloc(0) };
    const receiver = this.hosts.find(request.headers.host);
    if (receiver) return answerAsS3(receiver, whole, requestId);
    const way = route(whole);
    try {
      if (!request.body) throw tooLarge();
      if ('refusal' in way) throw way.refusal;
      return await this.#serve(way, requestId);
    } catch (error) {
      if (error instanceof NoAnswer) throw error;
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

  async #serve(way: Route & Addressed, requestId: string): Promise<Answer> {
    const start = this.#start();
    const demand = way.protocol.parse(way);
    const call: ApiCall = { ...demand, caller: this.#callerOf(way.request), requestId };
    const outcome = await this.#dispatcher.dispatch(call);
    const response = written(way, demand, outcome, requestId);
    const bytes = { requestBytes: way.request.body.length, responseBytes: response?.body.length ?? 0 };
    this.#record(call, outcome, { ...start, via: 'http', ...bytes });
    if (!response) throw new NoAnswer();
    return { ...response, ...(outcome.fault?.afterwards && { afterwards: outcome.fault.afterwards }) };
  }

  #start(): Start {
    this.#started += 1;
    return { startOrder: this.#started, time: this.#clock.now() };
  }

  #callerOf(request: RawRequest) {
    return this.#identities.resolve(credentialOf(request)?.accessKeyId, this.#clock.now());
  }

  #record(
    { service, operation, caller }: ApiCall,
    { needed, result, fault }: Outcome,
    facts: Start & Pick<CallRecord, 'via' | 'requestBytes' | 'responseBytes'>,
  ): void {
    const { functionName, invocationId } = this.#functions?.of(caller) ?? {};
    this.calls.add({
      ...facts,
      service,
      operation,
      caller,
      ...(functionName === undefined ? {} : { functionName }),
      ...(invocationId === undefined ? {} : { invocationId }),
      outcome: outcomeOf(result),
      ...(fault === undefined ? {} : { fault: fault.id }),
      durationMs: this.#clock.now() - facts.time,
      needed,
    });
  }
}

const outcomeOf = (result: Outcome['result']): string => {
  if (!('error' in result)) return 'ok';
  return result.error instanceof NoAnswer ? 'NoAnswer' : result.error.code;
};

/** Nothing when there is to be no answer. */
const written = (way: Route, demand: Demand, { result }: Outcome, requestId: string): RawResponse | undefined => {
  if ('error' in result && result.error instanceof NoAnswer) return undefined;
  if ('error' in result) return way.protocol.error(way, result.error, requestId);
  return 'raw' in result.reply ? result.reply.raw : way.protocol.output(demand, result.reply.output, requestId);
};

/** A forwarded answer has no output to hand to a caller inside the process but its bytes. */
const outputOf = ({ result }: Outcome): unknown =>
  'error' in result ? undefined : 'raw' in result.reply ? result.reply.raw : result.reply.output;

const tooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLarge', `A request may have ${MAX_BODY_BYTES} bytes.`, { status: 413 });

const sizeOf = (value: unknown): number => (value === undefined ? 0 : Buffer.byteLength(jsonText(value)));
