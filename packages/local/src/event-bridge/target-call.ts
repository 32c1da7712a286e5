import { type ArnParts, parseArn } from '../common/arn.ts';
import type { ServiceName } from '../common/service.ts';

/** The call that hands a text to a target. */
export interface TargetCall {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Kind = (arn: ArnParts, text: string, endpoint: string) => TargetCall;

const sendMessage: Kind = ({ accountId, resource }, MessageBody, endpoint) => ({
  service: 'sqs',
  operation: 'SendMessage',
  input: { QueueUrl: `${endpoint}/${accountId}/${resource}`, MessageBody },
});

const invoke: Kind = ({ partition, region, accountId, resource }, Payload) => ({
  service: 'lambda',
  operation: 'Invoke',
  input: {
    FunctionName: `arn:${partition}:lambda:${region}:${accountId}:${resource}`,
    InvocationType: 'Event',
    Payload,
  },
});

const startExecution: Kind = ({ partition, region, accountId, resource }, input) => ({
  service: 'states',
  operation: 'StartExecution',
  input: { stateMachineArn: `arn:${partition}:states:${region}:${accountId}:${resource}`, input },
});

const KINDS: readonly (readonly [service: string, resource: RegExp, kind: Kind])[] = [
  ['sqs', /^[\w-]+$/, sendMessage],
  ['lambda', /^function:/, invoke],
  ['states', /^stateMachine:/, startExecution],
];

const kindOf = (arn: ArnParts | undefined): Kind | undefined =>
  KINDS.find(([service, resource]) => service === arn?.service && resource.test(arn.resource))?.[2];

/** Whether the stage delivers to what the ARN names. */
export const isKnownTarget = (arn: string): boolean => kindOf(parseArn(arn)) !== undefined;

/** Targets that EventBridge calls under a role, and never for itself. */
export const needsRole = (arn: string): boolean => parseArn(arn)?.service === 'states';

/** @throws Error for a target that is not known */
export const callOf = (arn: string, text: string, endpoint: string): TargetCall => {
  const parts = parseArn(arn);
  const kind = kindOf(parts);
  if (!parts || !kind) throw new Error(`${arn} is no target that the stage delivers to.`);
  return kind(parts, text, endpoint);
};
