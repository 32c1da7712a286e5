import type { IncomingHttpHeaders } from 'node:http';

export const SERVICE_NAMES = [
  'dynamodb',
  'events',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  'redshift-data',
  's3',
  'secretsmanager',
  'sqs',
  'states',
  'sts',
] as const;

/** Named as in the credential scope of a signed request (SigV4). */
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** An IAM policy document as a template holds it, all references resolved. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: unknown;
}

/** Who makes a call. */
export type Caller =
  /** Any credentials the stage did not issue: the account's own administrator. */
  | { readonly type: 'administrator'; readonly arn: string }
  /** A session of a role; `arn` is `arn:…:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  | {
      readonly type: 'role';
      readonly arn: string;
      readonly roleArn: string;
      readonly sessionName: string;
      readonly sessionPolicies: readonly PolicyDocument[];
      /** ARN of what an AWS service has assumed the role for, where it says so: a state machine. */
      readonly sourceArn?: string;
    }
  /** An AWS service acting for itself: `arn` is its principal, such as `events.amazonaws.com`, `sourceArn` what it acts for. */
  | { readonly type: 'service'; readonly arn: string; readonly sourceArn?: string };

/** One action on one resource that a call needs; `context` holds its IAM condition keys, such as `kms:ViaService`. */
export interface NeededPermission {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A call on its way through the gateway, whichever wire protocol brought it. */
export interface ApiCall {
  readonly service: ServiceName;
  /** The API's own name of the operation, such as `ExecuteStatement`. */
  readonly operation: string;
  /** The input as the API models it; for forwarded REST calls (S3) an object of what the URL tells, such as `{ Bucket, Key }`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly requestId: string;
  /** Present when the call came over HTTP: what a forwarding service passes on. */
  readonly http?: RawRequest;
}

export interface RawRequest {
  readonly method: string;
  /** Path and query, as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the connection has been closed: nobody waits for an answer any more. */
  readonly signal?: AbortSignal;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A service answers with an output in the API's shape, or, when it forwards, with the response as it came. Errors are thrown as AwsError. */
export type ServiceReply = { readonly output: unknown } | { readonly raw: RawResponse };

/** What the gateway needs to know of a service. */
export interface Service {
  readonly name: ServiceName;
  /** Every permission the call needs, also the ones that AWS checks on the side (KMS, database credentials). */
  permissionsFor(call: ApiCall): readonly NeededPermission[] | Promise<readonly NeededPermission[]>;
  perform(call: ApiCall): Promise<ServiceReply>;
  /**
   * The policy of a resource of this service; undefined when it has none, null when there is no such resource, and the call itself is to
   * say so. Left out where resources have no policies.
   */
  resourcePolicyOf?(resourceArn: string): PolicyDocument | undefined | null;
}
