import { AwsError } from '../common/aws-error.ts';
import type { Caller, RawRequest, RawResponse } from '../common/service.ts';
import { toAwsError } from './errors.ts';
import { jsonText, parseJsonObject, response } from './protocols/protocol.ts';
import { decoded, splitUrl } from './url.ts';

/** Below it lies what is asked of the stage itself. No bucket's name begins with an underscore, so S3 loses nothing. */
const PREFIX = '/_stage/';

/** A request to one of the stage's own resources. */
export interface StageRequest {
  /** The parts of the path below the resource's own, such as an id. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The body, a JSON object; empty without one. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a resource answers, by method: a JSON value, or undefined for an answer without content. */
export type StageResource = Partial<Record<'GET' | 'POST' | 'DELETE', (request: StageRequest) => unknown>>;

/** The stage's own paths: how a client steers it over HTTP. For the account's administrator only; JSON both ways. */
export class StagePaths {
  readonly #resources = new Map<string, StageResource>();

  static includes({ url }: Pick<RawRequest, 'url'>): boolean {
    return url.startsWith(PREFIX);
  }

  /** @param path such as `redshift/scripts` */
  reserve(path: string, resource: StageResource): void {
    this.#resources.set(path, resource);
  }

  /** @param read the request and who makes it; throws for what cannot be read */
  async answer(read: () => { readonly request: RawRequest; readonly caller: Caller }): Promise<RawResponse> {
    try {
      const { request, caller } = read();
      if (caller.type !== 'administrator') throw notForRoles();
      const { path: whole, query } = splitUrl(request.url);
      const { resource, path } = this.#find(whole);
      const method = resource[request.method as keyof StageResource];
      if (!method) throw notAllowed(request.method, Object.keys(resource));
      return reply(200, await method({ path, query, input: parseJsonObject(request.body) }));
    } catch (error) {
      const { code, message, status } = toAwsError(error);
      return reply(status, { __type: code, message });
    }
  }

  #find(whole: string): { readonly resource: StageResource; readonly path: readonly string[] } {
    const parts = whole.slice(PREFIX.length).split('/').filter(Boolean).map(decoded);
    for (let length = parts.length; length > 0; length -= 1) {
      const resource = this.#resources.get(parts.slice(0, length).join('/'));
      if (resource) return { resource, path: parts.slice(length) };
    }
    throw notFound([...this.#resources.keys()]);
  }
}

const reply = (status: number, value: unknown): RawResponse =>
  value === undefined
    ? response(204, {}, '')
    : response(status, { 'content-type': 'application/json' }, jsonText(value));

const notForRoles = (): AwsError =>
  new AwsError('AccessDeniedException', "The stage's own paths are for the account's administrator.", { status: 403 });

const notFound = (known: readonly string[]): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `The stage's own paths are ${known.map((path) => PREFIX + path).join(', ')}.`,
    {
      status: 404,
    },
  );

const notAllowed = (method: string, allowed: readonly string[]): AwsError =>
  new AwsError('MethodNotAllowed', `${method} is not allowed here; ${allowed.join(', ')} is.`, { status: 405 });
