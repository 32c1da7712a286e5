import { isObject, type JsonObject, textOf } from '../data/json.ts';
import { notSupported } from '../errors.ts';

/** How a Task state's resource is done: called, and for callbacks then waited for. */
export interface TaskResource {
  /** As history events name it. */
  readonly resource: 'invoke' | 'invoke.waitForTaskToken';
  readonly resourceType: 'lambda';
  readonly waitsForToken: boolean;
}

const LAMBDA = /^arn:[\w-]+:states:[\w-]*:\d*:lambda:(invoke(?:\.waitForTaskToken)?)$/;

/** What Invoke is given; everything else in `Parameters` is refused. */
export const INVOKE_PARAMETERS = ['FunctionName', 'Payload', 'InvocationType', 'Qualifier', 'ClientContext'] as const;

export const resourceOf = (arn: string): TaskResource | undefined => {
  const resource = LAMBDA.exec(arn)?.[1];
  if (resource !== 'invoke' && resource !== 'invoke.waitForTaskToken') return undefined;
  return { resource, resourceType: 'lambda', waitsForToken: resource === 'invoke.waitForTaskToken' };
};

/** @throws NotSupportedError naming the state, for resources other than `lambda:invoke`, and for parameters that the stage does not pass on */
export const taskResource = (where: string, state: JsonObject): TaskResource => {
  const resource = resourceOf(textOf(state.Resource));
  if (!resource) throw notSupported(`${where}: Resource ${textOf(state.Resource)}`);
  const names = isObject(state.Parameters)
    ? Object.keys(state.Parameters).map((name) => name.replace(/\.\$$/, ''))
    : [];
  const unknown = names.find((name) => !INVOKE_PARAMETERS.some((known) => known === name));
  if (unknown) throw notSupported(`${where}: Parameters.${unknown}`);
  return resource;
};
