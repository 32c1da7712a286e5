import type { ResourceCallback } from './callback.ts';
import { forwardedRequest, isForwarded } from './forwarded-event.ts';
import { type ResourceEvent, refusalCallbackOf } from './resource-event.ts';
import { createdId, isCreatedId, isNotCreatedId } from './resource-id.ts';
import { parseResourceProperties, type ResourceProperties, refuseProperty, workOf } from './resource-properties.ts';
import type { ExecuteRequest } from './task-request.ts';

/** What a request of CloudFormation comes to. */
export interface ResourcePlan {
  /** With an empty `sqlStatement` there is nothing to run. */
  readonly request: ExecuteRequest & { readonly callback: ResourceCallback };
  /**
   * When the SQL is run. `ifMade`: only if the resource may be there, which the rows of its earlier requests tell;
   * `unlessNotMade`: if they do not say that it is not. `unlessThere`: only if what the SQL makes is not there still.
   */
  readonly runs: 'always' | 'ifMade' | 'unlessNotMade' | 'unlessThere';
}

/**
 * Finds out what is to be run, and how it is answered.
 * @throws InvalidRequest naming the property, or field, at fault
 */
export const planResource = (event: ResourceEvent): ResourcePlan => {
  // First: a Create that was refused for its properties is followed by a Delete with the same.
  if (isIdleDelete(event)) return idle(event);
  if (isForwarded(event)) return planForwarded(event);
  const properties = parseResourceProperties(event.ResourceProperties ?? {});
  const plan = { Create: planCreate, Update: planUpdate, Delete: planDelete }[event.RequestType];
  return plan(event, properties);
};

const isIdleDelete = ({ RequestType, PhysicalResourceId = '' }: ResourceEvent): boolean =>
  RequestType === 'Delete' && isNotCreatedId(PhysicalResourceId);

const idle: (event: ResourceEvent) => ResourcePlan = (event) => ({
  request: requestOf(undefined, {}, callbackOf(event, event.PhysicalResourceId ?? '')),
  runs: 'always',
});

type Planner = (event: ResourceEvent, properties: ResourceProperties) => ResourcePlan;

const planCreate: Planner = (event, properties) => ({
  request: requestOf(properties, properties, callbackOf(event, idOf(event))),
  runs: 'always',
});

/**
 * In place where there is SQL for that. Else another Create makes another resource, under an id of its own, and the old one
 * is deleted after it. What has SQL to delete it is there until that has run, and is not made twice: an update that is
 * rolled back finds it.
 */
const planUpdate: Planner = (event, properties) => {
  const current = event.PhysicalResourceId ?? '';
  const { onUpdate, onDelete } = properties;
  if (onUpdate) return { request: requestOf(onUpdate, properties, callbackOf(event, current)), runs: 'always' };
  const isSame = workOf(event.ResourceProperties ?? {}) === workOf(event.OldResourceProperties ?? {});
  if (isSame) return { request: requestOf(undefined, properties, callbackOf(event, current)), runs: 'always' };
  const next = idOf(event);
  const isThere = next === current && onDelete !== undefined;
  return {
    request: requestOf(isThere ? undefined : properties, properties, callbackOf(event, next)),
    runs: onDelete ? 'unlessThere' : 'always',
  };
};

const planDelete: Planner = (event, properties) => {
  const current = event.PhysicalResourceId ?? '';
  return {
    request: requestOf(properties.onDelete, properties, callbackOf(event, current)),
    runs: isCreatedId(current) ? 'always' : 'ifMade',
  };
};

/** The sender has decided what is to be run; it also decides of the id, where it names one. */
const planForwarded = (event: ResourceEvent): ResourcePlan => {
  const { RequestType, PhysicalResourceId, LogicalResourceId } = event;
  const request = forwardedRequest(event);
  const id = PhysicalResourceId ?? createdId(LogicalResourceId, workOf({ ...request }));
  return {
    request: { ...request, callback: callbackOf(event, id) },
    runs: RequestType === 'Delete' && !isCreatedId(id) ? 'unlessNotMade' : 'always',
  };
};

const idOf = ({ LogicalResourceId, ResourceProperties = {} }: ResourceEvent): string =>
  createdId(LogicalResourceId, workOf(ResourceProperties));

const callbackOf = (event: ResourceEvent, physicalResourceId: string): ResourceCallback => {
  const refusal = refusalCallbackOf(event);
  const failedResourceId = refusal.physicalResourceId;
  return { ...refusal, physicalResourceId, ...(failedResourceId !== physicalResourceId && { failedResourceId }) };
};

const requestOf = (
  statement: Pick<ResourceProperties, 'sqlStatement' | 'parameters'> | undefined,
  { action = 'executeStatement', lock, maxRuntimeSeconds }: ResourceProperties,
  callback: ResourceCallback,
): ResourcePlan['request'] => {
  if (action === 'executeSingletonStatement' && lock) refuseProperty('lock', `does not go with ${action}`, lock);
  const { name, mode = 'fail' } = lock ?? {};
  if (mode !== 'fail') refuseProperty('lock.mode', 'belongs to the contract but is not built yet', mode);
  const { sqlStatement, parameters = {} } = statement ?? {};
  if (sqlStatement === undefined) return { action: 'executeStatement', sqlStatement: '', parameters: {}, callback };
  return {
    action,
    sqlStatement,
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
    callback,
    ...(name !== undefined && { lock: { name, mode: 'fail' as const } }),
    ...(maxRuntimeSeconds !== undefined && { maxRuntimeSeconds }),
  };
};
