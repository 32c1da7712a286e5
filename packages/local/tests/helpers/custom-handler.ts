import { request } from 'node:http';
import type { ApiCall, Service } from '../../src/common/service.ts';
import { unknownOperation } from '../../src/gateway/errors.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';

/** What CloudFormation sends to a custom resource. */
export interface CustomEvent extends Readonly<Record<string, unknown>> {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

export const TOKEN = 'arn:aws:lambda:eu-central-1:123456789012:function:handler';

/** What the handler makes of an event: the members of its answer beside those it repeats; undefined for no answer at all. */
export type Answering = (event: CustomEvent) => Readonly<Record<string, unknown>> | undefined;

export const success = (PhysicalResourceId: string, more: object = {}) => ({
  Status: 'SUCCESS',
  PhysicalResourceId,
  ...more,
});

export const failure = (PhysicalResourceId: string, Reason = 'no luck') => ({
  Status: 'FAILED',
  PhysicalResourceId,
  Reason,
});

/** Stands in for Lambda: the one function there is answers custom resources. */
export class CustomHandler implements Service {
  readonly name = 'lambda';
  /** All that were sent, in order. */
  readonly events: CustomEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #gateway: Gateway;
  answering: Answering = ({ PhysicalResourceId = 'made' }) => success(PhysicalResourceId);

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    gateway.register(this);
  }

  permissionsFor() {
    return [];
  }

  perform({ operation, input, caller }: ApiCall) {
    if (operation !== 'Invoke' || input.InvocationType !== 'Event' || input.FunctionName !== TOKEN)
      throw unknownOperation('lambda', operation);
    if (caller.arn !== 'cloudformation.amazonaws.com') throw new Error(`invoked by ${caller.arn}`);
    const event = JSON.parse(String(input.Payload)) as CustomEvent;
    this.events.push(event);
    for (const look of this.#waiting) look();
    const answer = this.answering(event);
    if (answer) void this.answer(event, answer);
    return Promise.resolve({ output: { StatusCode: 202 } });
  }

  /** Resolves with the first event, of those that came and that will come, that is as asked for. */
  seen(isIt: (event: CustomEvent) => boolean): Promise<CustomEvent> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.find(isIt);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  answer(event: CustomEvent, answer: object): Promise<number> {
    const { RequestId, StackId, LogicalResourceId } = event;
    return this.put(event.ResponseURL, JSON.stringify({ RequestId, StackId, LogicalResourceId, ...answer }));
  }

  /** @returns the HTTP status */
  put(url: string, body: string, method = 'PUT'): Promise<number> {
    const { pathname, search, host } = new URL(url);
    const { hostname, port } = new URL(this.#gateway.endpoint);
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path: pathname + search, method, headers: { host } }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(method === 'PUT' ? body : undefined);
    });
  }
}
