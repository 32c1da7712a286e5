import { AwsError } from '../../common/aws-error.ts';
import type { Credentials, RoleAssumer, ServiceCaller } from '../../common/ports.ts';
import type { Caller, ServiceName } from '../../common/service.ts';
import { StateError } from '../errors.ts';

export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** Makes the calls of an execution's tasks, under the state machine's role or one that a task's `Credentials` name. */
export interface TaskCaller {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /**
   * @throws AwsError as the service answered it
   * @throws StateError `States.Permissions` when the role cannot be assumed
   */
  call(service: ServiceName, operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** For what is called with an SDK's client. */
  clientOptions(): Promise<ClientOptions>;
  /** Resolves when the execution of that ARN has ended, at once when there is none. */
  executionEnded(arn: string): Promise<void>;
  /** The same, under another role that the state machine's role is let into. */
  under(roleArn: string): TaskCaller;
}

interface Deps {
  readonly roles: RoleAssumer;
  readonly calls: ServiceCaller;
  readonly endpoint: () => string;
  readonly region: string;
  readonly executionEnded: (arn: string) => Promise<void>;
}

interface Identity {
  readonly roleArn: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly sessionName: string;
}

const PRINCIPAL = 'states.amazonaws.com';

/** The caller of one execution. */
export const taskCaller = (deps: Deps, identity: Identity): TaskCaller => {
  const own = () => Promise.resolve().then(() => assume(deps.roles, identity));
  const { executionArn, stateMachineArn } = identity;
  const callerOf = (caller: () => Promise<Caller>): TaskCaller => ({
    executionArn,
    stateMachineArn,
    call: async (service, operation, input) => deps.calls.call({ caller: await caller(), service, operation, input }),
    clientOptions: async () => ({
      endpoint: deps.endpoint(),
      region: deps.region,
      credentials: deps.roles.credentialsFor(await caller()),
    }),
    executionEnded: deps.executionEnded,
    under: (roleArn) => callerOf(async () => chained(deps.calls, await own(), roleArn, identity.sessionName)),
  });
  return callerOf(own);
};

const assume = (roles: RoleAssumer, { roleArn, stateMachineArn, sessionName }: Identity): Caller => {
  try {
    return roles.assume(roleArn, PRINCIPAL, sessionName, { 'aws:SourceArn': stateMachineArn });
  } catch (error) {
    throw asPermissionProblem(error);
  }
};

const chained = async (calls: ServiceCaller, caller: Caller, roleArn: string, sessionName: string): Promise<Caller> => {
  const input = { RoleArn: roleArn, RoleSessionName: sessionName };
  try {
    const output = await calls.call({ caller, service: 'sts', operation: 'AssumeRole', input });
    const { AssumedRoleUser } = output as { AssumedRoleUser: { Arn: string } };
    return { type: 'role', arn: AssumedRoleUser.Arn, roleArn, sessionName, sessionPolicies: [] };
  } catch (error) {
    throw asPermissionProblem(error);
  }
};

const asPermissionProblem = (error: unknown): unknown =>
  error instanceof AwsError ? new StateError('States.Permissions', error.message) : error;
