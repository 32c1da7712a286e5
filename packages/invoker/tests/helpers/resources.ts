import { isEndState } from '@sfn-redshift/shared';
import { invoke } from '../../src/invoke.ts';
import { START, type TestDependencies } from './dependencies.ts';

const HOST = 'https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com';

export const STACK = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/5e6f';
export const OWNER = `${STACK}/Schema`;
/** As CloudFormation makes one up where it has heard of none. */
export const INVENTED = 'shop-Schema-1ABC';

export const PROPERTIES = {
  ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:Invoker',
  sqlStatement: 'create table t (id int)',
  onDelete: { sqlStatement: 'drop table t' },
};

type Changes = Readonly<Record<string, unknown>>;

/** A response URL that was signed so many seconds after the start of all tests. */
export const urlAt = (seconds: number): string => {
  const signed = new Date(START + seconds * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${HOST}/key?X-Amz-Date=${signed}&X-Amz-Signature=canarySignature`;
};

const event = (RequestType: string, seconds: number, changes: Changes) => ({
  RequestType,
  RequestId: `${RequestType}-${seconds}`,
  ResponseURL: urlAt(seconds),
  StackId: STACK,
  LogicalResourceId: 'Schema',
  ResourceType: 'Custom::Sql',
  ResourceProperties: PROPERTIES,
  ...changes,
});

export const create = (changes: Changes = {}) => event('Create', 0, changes);
export const update = (changes: Changes = {}) =>
  event('Update', 60, { PhysicalResourceId: INVENTED, OldResourceProperties: PROPERTIES, ...changes });
export const remove = (changes: Changes = {}) => event('Delete', 120, { PhysicalResourceId: INVENTED, ...changes });

const TIMEOUT_MS = 30_000;

/** One invocation, as Lambda makes it. */
export const send = (payload: unknown, dependencies: TestDependencies): Promise<object> =>
  invoke(payload, { requestId: 'lambda-1', deadline: dependencies.clock.time + TIMEOUT_MS }, dependencies);

export const pass = (seconds: number, { clock }: TestDependencies): void => {
  clock.time += seconds * 1000;
};

/** What the drain has done when a statement has ended. */
export const close = (requestType: string, outcome: string, { table }: TestDependencies): void => {
  const item = table.items.find(
    ({ callback }) => callback.type === 'cloudFormation' && callback.requestType === requestType,
  );
  if (!item || !isEndState(outcome)) throw new Error(`no ${requestType} to be closed as ${outcome}`);
  table.seed({ ...item, status: 'closed', outcome, delivered: true });
};
