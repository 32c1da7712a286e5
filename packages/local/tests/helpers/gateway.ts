import type { Account } from '../../src/common/account.ts';
import { StageClock } from '../../src/common/clock.ts';
import type { Log } from '../../src/common/log.ts';
import type { Credentials } from '../../src/common/ports.ts';
import type { ApiCall, NeededPermission, Service, ServiceName } from '../../src/common/service.ts';
import { Disturbances } from '../../src/faults/disturbances.ts';
import type { Faults } from '../../src/faults/faults.ts';
import { Gateway } from '../../src/gateway/gateway.ts';
import { Identities } from '../../src/iam/identities.ts';
import type { CallingFunctions } from '../../src/lambda/calling-functions.ts';

export const account: Account = { accountId: '123456789012', region: 'eu-central-1', partition: 'aws' };

export const ADMINISTRATOR: Credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: '' };

export interface TestGateway {
  readonly gateway: Gateway;
  readonly identities: Identities;
  readonly clock: StageClock;
  readonly disturbances: Disturbances;
  readonly faults: Faults;
  readonly functions: CallingFunctions;
  readonly endpoint: string;
  /** Warnings of the gateway. */
  readonly logged: readonly unknown[];
  /** Options for an SDK client that acts with `credentials`, the administrator's by default. */
  client(credentials?: Credentials): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
  };
  close(): Promise<void>;
}

export const startGateway = async (...services: readonly Service[]): Promise<TestGateway> => {
  const identities = new Identities(account);
  const clock = new StageClock();
  const logged: unknown[] = [];
  const log: Log = { info: () => undefined, warn: (message, fields) => void logged.push({ message, ...fields }) };
  const disturbances = new Disturbances({ clock });
  const { faults, callFaults, functions } = disturbances;
  const gateway = new Gateway({ account, clock, identities, log, faults: callFaults, functions });
  for (const service of services) gateway.register(service);
  const endpoint = await gateway.listen();
  const client = ({ accessKeyId, secretAccessKey, sessionToken } = ADMINISTRATOR) => ({
    endpoint,
    region: account.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    maxAttempts: 1,
  });
  const close = async () => {
    callFaults.close();
    clock.stop();
    await gateway.close();
  };
  return { gateway, identities, clock, disturbances, faults, functions, endpoint, logged, client, close };
};

/** A role that any service and the account may take on, with one policy. */
export const addRole = (
  { identities }: Pick<TestGateway, 'identities'>,
  name: string,
  ...statements: readonly Record<string, unknown>[]
): string => {
  const arn = `arn:aws:iam::${account.accountId}:role/${name}`;
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com', AWS: account.accountId },
    Action: 'sts:AssumeRole',
  };
  identities.putRole({ name, arn, trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
  identities.putRolePolicy(name, 'inline', { Version: '2012-10-17', Statement: statements });
  return arn;
};

/** Credentials of a session of the role, as a Lambda function would have them. */
export const sessionOf = ({ identities }: Pick<TestGateway, 'identities'>, roleArn: string): Credentials =>
  identities.credentialsFor(identities.assume(roleArn, 'lambda.amazonaws.com', 'session'));

export interface RecordingService extends Service {
  readonly received: ApiCall[];
}

/** A service that notes its calls, answers what it is told to, and needs what it is told to. */
export const recordingService = (
  name: ServiceName,
  answer: (call: ApiCall) => unknown,
  needs: (call: ApiCall) => readonly NeededPermission[] = () => [],
): RecordingService => {
  const received: ApiCall[] = [];
  return {
    name,
    received,
    permissionsFor: needs,
    perform: (call) => {
      received.push(call);
      return Promise.resolve().then(() => ({ output: answer(call) }));
    },
  };
};
