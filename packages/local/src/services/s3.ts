import type { Account } from '../common/account.ts';
import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { ApiCall, PolicyDocument, RawRequest, RawResponse, Service, ServiceReply } from '../common/service.ts';
import type { BucketPolicies } from './bucket-policies.ts';
import { s3Permissions } from './s3-permissions.ts';
import type { Upstream } from './upstream.ts';

/** fauxqs takes parts of 11 MiB at most; larger objects come in several parts, as SDKs can send them. */
const MAX_BODY_BYTES = 11 * 1024 * 1024;

/** Headers that change what a write means, and that fauxqs ignores. */
const REFUSED_ON_WRITE =
  /^(if-match|if-none-match|x-amz-tagging|x-amz-object-lock-.*|x-amz-bucket-object-lock-enabled|x-amz-server-side-encryption-customer-.*)$/;

/** S3 by fauxqs, in memory. */
export class S3 implements Service {
  readonly name = 's3';
  readonly #upstream: Upstream;
  readonly #account: Account;
  readonly #policies: BucketPolicies;

  constructor(deps: { upstream: Upstream; account: Account; policies: BucketPolicies }) {
    this.#upstream = deps.upstream;
    this.#account = deps.account;
    this.#policies = deps.policies;
  }

  permissionsFor(call: ApiCall) {
    return s3Permissions(call, this.#account);
  }

  resourcePolicyOf(arn: string): PolicyDocument | undefined {
    return this.#policies.of(arn);
  }

  async perform({ operation, http }: ApiCall): Promise<ServiceReply> {
    if (!http) throw new NotSupportedError(`S3 is called over HTTP only, not from inside the stage (${operation}).`);
    refuseIgnored(http);
    if (http.body.length > MAX_BODY_BYTES)
      throw new AwsError(
        'EntityTooLarge',
        `The local stage takes ${MAX_BODY_BYTES} bytes in one request; use a multipart upload.`,
      );
    const raw = await this.#upstream.send(http);
    if (raw.status >= 400) throw errorOf(raw);
    return { raw };
  }
}

const refuseIgnored = ({ method, headers }: RawRequest): void => {
  if (method !== 'PUT' && method !== 'POST') return;
  const refused = Object.keys(headers).find((header) => REFUSED_ON_WRITE.test(header));
  if (refused) throw new NotSupportedError(`The S3 header ${refused} is not supported.`);
};

/** The answer to HEAD has no body to name its error in. */
const errorOf = ({ status, body }: RawResponse): AwsError => {
  const text = body.toString();
  const code = /<Code>(.*?)<\/Code>/s.exec(text)?.[1] ?? (status === 404 ? 'NotFound' : 'InternalError');
  return new AwsError(code, /<Message>(.*?)<\/Message>/s.exec(text)?.[1] ?? code, { status });
};
