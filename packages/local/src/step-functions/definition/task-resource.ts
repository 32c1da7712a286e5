import { isObject, type Json, type JsonObject, textOf } from '../data/json.ts';
import { notSupported } from '../errors.ts';
import { findResource } from '../integrations/find-resource.ts';

/**
 * Checks a Task state's resource, before there is an execution.
 *
 * @throws NotSupportedError naming the state, for resources that the stage cannot do, and for parameters that it does not pass on
 */
export const refuseResource = (where: string, state: JsonObject): void => {
  const resource = findResource(textOf(state.Resource));
  if (!resource) throw notSupported(`${where}: Resource ${textOf(state.Resource)}`);
  const { parameters } = resource;
  if (!parameters) return;
  for (const field of ['Parameters', 'Arguments']) {
    const unknown = namesIn(state[field]).find((name) => !parameters.includes(name));
    if (unknown !== undefined) throw notSupported(`${where}: ${field}.${unknown}`);
  }
};

/** The parameters that the resource demands and the state does not give. What is one expression as a whole is not looked into. */
export const missingParameters = (arn: string, parameters: Json | undefined): readonly string[] => {
  if (typeof parameters === 'string') return [];
  const given = namesIn(parameters);
  return (findResource(arn)?.required ?? []).filter((name) => !given.includes(name));
};

/** Names that no integration has: all begin with a capital letter, also where the service's own API has a small one. */
export const misspeltParameters = (arn: string, parameters: Json | undefined): readonly string[] =>
  findResource(arn)?.events === 'LambdaFunction' ? [] : namesIn(parameters).filter((name) => /^\p{Ll}/u.test(name));

const namesIn = (template: Json | undefined): readonly string[] =>
  isObject(template) ? Object.keys(template).map((name) => name.replace(/\.\$$/, '')) : [];
