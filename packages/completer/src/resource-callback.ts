import { setTimeout as wait } from 'node:timers/promises';
import { TaskerError } from '@sfn-redshift/shared';
import type { Delivery } from './callback.ts';

/** Answers requests of CloudFormation. What it throws: another try may succeed. */
export interface ResponseUrls {
  /** Puts the answer, as JSON, to a response URL. `gone`: the URL is of no use any more. */
  put(responseUrl: string, body: string): Promise<Exclude<Delivery, { type: 'invalidOutput' }>>;
}

/** As long an answer may take; milliseconds. */
const TIMEOUT_MS = 5_000;
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 200;

/** Says no more than the status: neither the URL nor what S3 says of it. Later it may be taken. */
class ResponseNotTaken extends TaskerError {
  override readonly name = 'ResponseNotTaken';
  readonly retryable = true;
}

/** By which statuses S3 says that it may take the answer later. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

export const responseUrls = (
  request: (url: string, init: RequestInit) => Promise<Pick<Response, 'ok' | 'status'>> = fetch,
): ResponseUrls => ({
  put: async (responseUrl, body) => {
    for (let tries = 1; ; tries++) {
      const status = await statusOf(request, responseUrl, body);
      if (status === 'taken') return { type: 'delivered' };
      if (typeof status === 'number' && !isPassing(status)) return { type: 'gone', reason: `status ${status}` };
      if (tries === MOST_TRIES) throw new ResponseNotTaken(`the answer was not taken: ${String(status)}`);
      await wait(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  },
});

/** `taken`, the status of a refusal, or by what name the request failed. */
const statusOf = async (
  request: Parameters<typeof responseUrls>[0] & {},
  responseUrl: string,
  body: string,
): Promise<number | string> => {
  try {
    // As bytes it gets no content type of ours: that could be a part of what was signed. Elsewhere than there it must not go.
    const { ok, status } = await request(responseUrl, {
      method: 'PUT',
      body: new TextEncoder().encode(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return ok ? 'taken' : status;
  } catch (error) {
    return error instanceof Error ? error.name : 'Error';
  }
};
