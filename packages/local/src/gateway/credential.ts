import type { RawRequest } from '../common/service.ts';
import { splitUrl } from './url.ts';

/** What a SigV4 signature tells of its maker. The signature itself is not verified. */
export interface Credential {
  readonly accessKeyId: string;
  /** As named in the credential scope, such as `sqs`. */
  readonly service: string;
}

const IN_HEADER = /Credential=([^,\s]+)/;

/** From the Authorization header or, for presigned URLs, from the query. */
export const credentialOf = (request: RawRequest): Credential | undefined => {
  const signed = IN_HEADER.exec(request.headers.authorization ?? '')?.[1];
  const scope = signed ?? splitUrl(request.url).query.get('X-Amz-Credential');
  // KEY/DATE/REGION/SERVICE/aws4_request; the asymmetric variant has no region.
  const parts = scope?.split('/') ?? [];
  const [accessKeyId, service] = [parts[0], parts.at(-2)];
  return accessKeyId && service && parts.length >= 4 ? { accessKeyId, service } : undefined;
};
