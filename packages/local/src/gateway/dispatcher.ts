import type { Account } from '../common/account.ts';
import { parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type {
  ApiCall,
  NeededPermission,
  PolicyDocument,
  Service,
  ServiceName,
  ServiceReply,
} from '../common/service.ts';
import type { CallFaults, MetFault } from '../faults/call-faults.ts';
import { Authorizer } from '../iam/authorizer.ts';
import type { Identities } from '../iam/identities.ts';
import { isFault, toAwsError } from './errors.ts';

/** How a call ended. */
export interface Outcome {
  readonly needed: readonly NeededPermission[];
  readonly result: { readonly reply: ServiceReply } | { readonly error: AwsError };
  readonly fault?: MetFault | undefined;
}

export interface DispatcherDeps {
  readonly account: Account;
  readonly clock: Clock;
  readonly identities: Identities;
  readonly log: Log;
  /** @default every call goes as its service lets it */
  readonly faults?: Pick<CallFaults, 'perform'>;
}

/** The way of every call, whichever protocol brought it: find the service, check the caller, perform. */
export class Dispatcher {
  readonly #services = new Map<ServiceName, Service>();
  readonly #authorizer: Authorizer;
  readonly #faults: Pick<CallFaults, 'perform'>;
  readonly #log: Log;

  constructor(deps: DispatcherDeps) {
    this.#authorizer = new Authorizer({ ...deps, resourcePolicyOf: (arn) => this.resourcePolicyOf(arn) });
    this.#faults = deps.faults ?? UNDISTURBED;
    this.#log = deps.log;
  }

  register(service: Service): void {
    this.#services.set(service.name, service);
  }

  /** Null when resources of that kind have no policies here, or there is none of that name. */
  resourcePolicyOf(resourceArn: string): PolicyDocument | undefined | null {
    const service = this.#services.get(parseArn(resourceArn)?.service as ServiceName);
    return service?.resourcePolicyOf ? service.resourcePolicyOf(resourceArn) : null;
  }

  async dispatch(call: ApiCall): Promise<Outcome> {
    let needed: readonly NeededPermission[] = [];
    let fault: MetFault | undefined;
    try {
      const service = this.#serviceOf(call);
      needed = await service.permissionsFor(call);
      this.#authorizer.check(call, needed);
      const perform = () => service.perform(call);
      const reply = await this.#faults.perform(call, perform, (met) => (fault = met));
      return { needed, result: { reply }, fault };
    } catch (error) {
      if (isFault(error)) this.#logFault(call, error);
      return { needed, result: { error: toAwsError(error, call.service) }, fault };
    }
  }

  #serviceOf(call: ApiCall): Service {
    const service = this.#services.get(call.service);
    if (service) return service;
    throw new AwsError('UnknownOperationException', `This stage runs no service ${call.service}.`);
  }

  #logFault({ service, operation }: ApiCall, error: unknown): void {
    const { name, stack } = error instanceof Error ? error : new Error(String(error));
    this.#log.warn('a service of the stage failed', { service, operation, error: name, at: framesOf(stack) });
  }
}

const UNDISTURBED: DispatcherDeps['faults'] & object = {
  perform: (_call, perform) => perform(),
};

/** The stack without the message, which may quote SQL or a payload. */
const framesOf = (stack = ''): readonly string[] =>
  stack.split('\n').flatMap((line) => /^\s+at (.*)/.exec(line)?.[1] ?? []);
