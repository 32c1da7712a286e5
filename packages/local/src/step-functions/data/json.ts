export type JsonObject = { readonly [name: string]: Json };
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Largest input or output of a state, task or execution, in bytes of UTF-8; a hard quota of Step Functions. */
export const LARGEST_PAYLOAD = 262_144;

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);

/** @returns undefined when the text is no JSON; no JSON value is undefined */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

export const isTooLarge = (value: Json): boolean => Buffer.byteLength(JSON.stringify(value)) > LARGEST_PAYLOAD;

/** How a message names a value. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
