import type { Caller, ServiceName } from './service.ts';

/** An event as EventBridge carries it, without what the bus adds (version, id, account, region). */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  /** ISO 8601; the bus's own time when absent. */
  readonly time?: string;
}

/** Where the parts of the stage put what happened. */
export interface EventSink {
  put(event: BusEvent): void;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Makes an AWS call inside the process, checked and recorded exactly as one that came over HTTP; throws AwsError. */
export interface ServiceCaller {
  call(request: {
    readonly caller: Caller;
    readonly service: ServiceName;
    readonly operation: string;
    readonly input: Readonly<Record<string, unknown>>;
  }): Promise<unknown>;
}

/** Lets an AWS service act under a role of the account, as far as the role's trust policy allows it. */
export interface RoleAssumer {
  /**
   * @param context what the service tells of itself, such as `aws:SourceArn`, for conditions of the trust policy
   * @throws AwsError `AccessDenied` when the role does not exist or does not trust `servicePrincipal`.
   */
  assume(
    roleArn: string,
    servicePrincipal: string,
    sessionName: string,
    context?: Readonly<Record<string, string>>,
  ): Caller & { readonly type: 'role' };
  /** Credentials that make the gateway see `caller`, for the parts of the stage that use an SDK client. */
  credentialsFor(caller: Caller): Credentials;
}
