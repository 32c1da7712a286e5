import { AwsError } from '../common/aws-error.ts';
import type { Log } from '../common/log.ts';
import type { ServiceCaller } from '../common/ports.ts';
import type { Caller } from '../common/service.ts';
import type { OutputLine } from './sandbox/sandbox.ts';

/**
 * A function's log group, written to under the function's role, as Lambda does: without the permission the output is lost, and the function
 * runs on.
 */
export class InvocationLog {
  readonly #deps: { readonly calls: ServiceCaller; readonly log: Log };
  readonly #caller: Caller;
  readonly #group: string;
  readonly #streams = new Set<string>();

  constructor(deps: { calls: ServiceCaller; log: Log }, caller: Caller, group: string) {
    this.#deps = deps;
    this.#caller = caller;
    this.#group = group;
  }

  async write(stream: string, lines: readonly OutputLine[]): Promise<void> {
    try {
      await this.#createStream(stream);
      // Loading and running overlap by the clock's steps; a group takes lines in order only.
      const ordered = lines.toSorted((a, b) => a.time - b.time);
      const logEvents = ordered.map(({ time, message }) => ({ timestamp: Math.round(time), message }));
      await this.#call('PutLogEvents', { logGroupName: this.#group, logStreamName: stream, logEvents });
    } catch (error) {
      this.#deps.log.warn('function output lost', { logGroup: this.#group, error: String(error) });
    }
  }

  async #createStream(stream: string): Promise<void> {
    if (this.#streams.has(stream)) return;
    const input = { logGroupName: this.#group, logStreamName: stream };
    await this.#call('CreateLogStream', input).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await this.#createGroup();
      await this.#call('CreateLogStream', input);
    });
    this.#streams.add(stream);
  }

  /** Several sandboxes may find the group missing at once. */
  async #createGroup(): Promise<void> {
    await this.#call('CreateLogGroup', { logGroupName: this.#group }).catch((error: unknown) => {
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
    });
  }

  #call(operation: string, input: Record<string, unknown>): Promise<unknown> {
    return this.#deps.calls.call({ caller: this.#caller, service: 'logs', operation, input });
  }
}

const isMissing = (error: unknown): boolean => error instanceof AwsError && error.code === 'ResourceNotFoundException';
