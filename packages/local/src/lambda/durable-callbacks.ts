import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { ApiCall, NeededPermission, ServiceReply } from '../common/service.ts';

/** An error as it is sent to a callback. */
export interface DurableError {
  readonly ErrorType?: string;
  readonly ErrorMessage?: string;
  readonly ErrorData?: string;
  readonly StackTrace?: readonly string[];
}

/**
 * A durable function that runs elsewhere, such as in the test runner of the durable functions' SDK: the stage runs none itself.
 * What it throws is answered as a `ServiceException`.
 */
export interface DurableFunction {
  /** For permissions: that of the ARN of its executions. */
  readonly functionName: string;
  /** A number, or `$LATEST`. */
  readonly version?: string;
  /**
   * Whether a callback is of one of its executions.
   *
   * @default all are
   */
  has?(callbackId: string): boolean;
  succeed(callbackId: string, result: string | undefined): Promise<unknown>;
  fail(callbackId: string, error: DurableError): Promise<unknown>;
  heartbeat(callbackId: string): Promise<unknown>;
}

const LARGEST_RESULT = 262_144;
const LONGEST_ID = 1024;
const CALLBACK_ID = /^[A-Za-z0-9+/]+={0,2}$/;

/** Callbacks of durable functions: who sends to them is checked as by Lambda, and handed on to the function. */
export class DurableCallbacks {
  readonly #account: Account;
  readonly #functions = new Set<DurableFunction>();
  readonly #closed = new Set<string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Hands on, until the function that is given back is called, what is sent to the callbacks of a durable function. */
  serve(durable: DurableFunction): () => void {
    this.#functions.add(durable);
    return () => this.#functions.delete(durable);
  }

  /** The callback's time is over, or its execution has stopped: whoever sends to it from now on is refused. */
  expire(callbackId: string): void {
    this.#closed.add(callbackId);
  }

  /** Needed on the execution; nothing where there is no such callback, which the call itself says. */
  permissionsFor({ operation, input }: ApiCall): readonly NeededPermission[] {
    const durable = this.#find(String(input.CallbackId));
    if (!durable) return [];
    const { functionName, version = '$LATEST' } = durable;
    const resource = arnIn(
      this.#account,
      'lambda',
      `function:${functionName}:${version}/durable-execution/local/local`,
    );
    return [{ action: `lambda:${operation}`, resource }];
  }

  async perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    const callbackId = String(input.CallbackId);
    if (!CALLBACK_ID.test(callbackId) || callbackId.length > LONGEST_ID) throw invalid('The callback id is not valid.');
    const durable = this.#find(callbackId);
    if (!durable) throw new AwsError('ResourceNotFoundException', 'The callback does not exist.', { status: 404 });
    if (this.#closed.has(callbackId)) throw closed();
    await this.#handOn(durable, operation, callbackId, input);
    return { output: {} };
  }

  async #handOn(durable: DurableFunction, operation: string, id: string, input: ApiCall['input']): Promise<void> {
    if (operation === 'SendDurableExecutionCallbackHeartbeat') return void (await durable.heartbeat(id));
    const complete =
      operation === 'SendDurableExecutionCallbackSuccess'
        ? this.#success(durable, id, input)
        : () => durable.fail(id, errorIn(input));
    // Of two that come at once the first is taken.
    this.#closed.add(id);
    try {
      await complete();
    } catch (error) {
      this.#closed.delete(id);
      throw error;
    }
  }

  #success(durable: DurableFunction, id: string, { Result }: ApiCall['input']): () => Promise<unknown> {
    const result = typeof Result === 'string' ? Result : undefined;
    if (Buffer.byteLength(result ?? '') > LARGEST_RESULT)
      throw invalid(`Result is larger than ${LARGEST_RESULT} bytes.`);
    return () => durable.succeed(id, result);
  }

  #find(callbackId: string): DurableFunction | undefined {
    return [...this.#functions].find((durable) => durable.has?.(callbackId) ?? true);
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

const closed = (): AwsError =>
  new AwsError('CallbackTimeoutException', 'The callback has expired, or has already been closed.');

const errorIn = ({ Error: error }: ApiCall['input']): DurableError =>
  typeof error === 'object' && error !== null ? error : {};
