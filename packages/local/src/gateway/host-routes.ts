import type { RawRequest, RawResponse } from '../common/service.ts';
import { toAwsError } from './errors.ts';
import { response } from './protocols/protocol.ts';
import { s3Rest } from './protocols/s3-rest.ts';

/** Takes what is put to a host; throws AwsError for what it does not take. */
export type Receiver = (request: RawRequest) => void;

/** Hosts that belong to parts of the stage and take presigned requests, as buckets of AWS's own do: no policy is asked, nothing recorded. */
export class HostRoutes {
  readonly #receivers = new Map<string, Receiver>();

  reserve(host: string, receive: Receiver): void {
    this.#receivers.set(host, receive);
  }

  /** @param host as the header names it, perhaps with a port */
  find(host = ''): Receiver | undefined {
    return this.#receivers.get(host.replace(/:\d+$/, '').toLowerCase());
  }
}

/** Answers as S3 does. */
export const answerAsS3 = (receive: Receiver, request: RawRequest, requestId: string): RawResponse => {
  try {
    receive(request);
    return response(200, { 'x-amz-request-id': requestId }, '');
  } catch (error) {
    return s3Rest.error({ request }, toAwsError(error, 's3'), requestId);
  }
};
