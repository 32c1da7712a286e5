import { type JsonObject, textOf } from '../data/json.ts';
import { notSupported } from '../errors.ts';
import { BRANCH, FIELDS, languageOf, MACHINE, PROCESSOR } from './fields.ts';
import { groupsIn, type NamedState, statesOf } from './groups.ts';
import { refuseInMap } from './map-fields.ts';
import { refuseResource } from './task-resource.ts';

/** @throws NotSupportedError naming the state and the field, for what the validator lets pass and the stage cannot run */
export const refuseUnsupported = (definition: JsonObject): void => {
  refuseFields('the state machine', definition, MACHINE);
  for (const state of statesOf(definition)) refuseInState(state);
};

const refuseInState = ({ name, state }: NamedState): void => {
  const where = `state '${name}'`;
  const fields = FIELDS[languageOf(state)].states[textOf(state.Type)];
  if (!fields) throw notSupported(`${where}: Type ${textOf(state.Type)}`);
  refuseFields(where, state, fields);
  if (state.Type === 'Task') refuseResource(where, state);
  if (state.Type === 'Map') refuseInMap(where, state);
  for (const group of groupsIn(state)) {
    const isProcessor = state.Type === 'Map';
    refuseFields(`${where}: ${isProcessor ? 'ItemProcessor' : 'Branches'}`, group, isProcessor ? PROCESSOR : BRANCH);
    for (const inner of statesOf(group)) refuseInState(inner);
  }
};

const refuseFields = (where: string, given: JsonObject, known: readonly string[]): void => {
  const refused = Object.keys(given).find((field) => !known.includes(field));
  if (refused) throw notSupported(`${where}: ${refused}`);
};
