import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';

/** A state of a definition as it was given, with the name that it has there. */
export interface NamedState {
  readonly name: string;
  readonly state: JsonObject;
}

export const statesOf = (group: JsonObject): readonly NamedState[] =>
  Object.entries(isObject(group.States) ? group.States : {}).flatMap(([name, state]) =>
    isObject(state) ? [{ name, state }] : [],
  );

/** The groups of states within a state: the branches of a Parallel, what a Map does with its items. */
export const groupsIn = ({ Branches, ItemProcessor, Iterator: iterator }: JsonObject): readonly JsonObject[] => [
  ...listOf(Branches),
  ...[ItemProcessor, iterator].filter(isObject),
];

/** All states of a group, and those within them. */
export const allStatesOf = (group: JsonObject): readonly NamedState[] =>
  statesOf(group).flatMap((named) => [named, ...groupsIn(named.state).flatMap(allStatesOf)]);

export const listOf = (value: Json | undefined): readonly JsonObject[] => (isList(value) ? value.filter(isObject) : []);
