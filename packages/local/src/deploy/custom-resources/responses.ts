import type { Account } from '../../common/account.ts';
import { AwsError } from '../../common/aws-error.ts';
import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import type { RawRequest } from '../../common/service.ts';
import { decoded, splitUrl } from '../../gateway/url.ts';
import { newResponseUrl, type ResponseAddress, responseHost, responseKey, URL_LIFETIME_MS } from './response-url.ts';

interface Expected {
  readonly address: ResponseAddress;
  readonly url: URL;
  readonly expiresAt: number;
  /** Undefined as soon as nobody waits for an answer any more. */
  take: ((body: Buffer) => void) | undefined;
}

export interface ResponsesDeps {
  readonly account: Account;
  readonly clock: Clock;
  readonly log: Log;
}

/** The bucket to which custom resources put their answers. */
export class Responses {
  readonly host: string;
  readonly #deps: ResponsesDeps;
  readonly #expected = new Map<string, Expected>();

  constructor(deps: ResponsesDeps) {
    this.#deps = deps;
    this.host = responseHost(deps.account);
  }

  /**
   * Opens a URL for one answer.
   *
   * @param take given the first that comes
   */
  expect(
    address: ResponseAddress,
    take: (body: Buffer) => void,
  ): { readonly url: string; readonly forget: () => void } {
    const now = this.#deps.clock.now();
    for (const [key, { expiresAt }] of this.#expected) if (expiresAt <= now) this.#expected.delete(key);
    const url = newResponseUrl(this.#deps.account, address, now);
    const expected: Expected = { address, url, expiresAt: now + URL_LIFETIME_MS, take };
    this.#expected.set(responseKey(address), expected);
    return { url: url.href, forget: () => void (expected.take = undefined) };
  }

  /**
   * An answer, as S3 would take it: with any body, and more than once.
   *
   * @throws AwsError `AccessDenied`, `SignatureDoesNotMatch` (403), as for presigned URLs
   */
  put(request: RawRequest): void {
    const expected = this.#find(request);
    const { logicalId, requestId } = expected.address;
    if (!expected.take) {
      this.#deps.log.warn('an answer of a custom resource came too late, or twice, and is ignored', {
        logicalId,
        requestId,
      });
      return;
    }
    const { take } = expected;
    expected.take = undefined;
    take(request.body);
  }

  #find({ method, url }: RawRequest): Expected {
    const { path, query } = splitUrl(url);
    const expected = this.#expected.get(decoded(path.slice(1)));
    if (!expected) throw denied('AccessDenied', 'Access Denied');
    if (method !== 'PUT' || !isSame(query, expected.url.searchParams))
      throw denied(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided.',
      );
    if (expected.expiresAt <= this.#deps.clock.now()) throw denied('AccessDenied', 'Request has expired');
    return expected;
  }
}

/** Clients may order and encode a query as they like. */
const isSame = (given: URLSearchParams, wanted: URLSearchParams): boolean => {
  const [one, other] = [new URLSearchParams(given), new URLSearchParams(wanted)];
  for (const query of [one, other]) query.sort();
  return one.toString() === other.toString();
};

const denied = (code: string, message: string): AwsError => new AwsError(code, message, { status: 403 });
