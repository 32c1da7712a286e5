import { jsonText } from '../../gateway/protocols/protocol.ts';
import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';
import type { SdkService } from './sdk-services.ts';

export const lowered = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const raised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** A task's parameters as the service's API has them. A null stands for a parameter that is not given. */
export const toApi = (parameters: Json, service: SdkService): JsonObject => {
  const given = isObject(parameters) ? Object.entries(parameters).filter(([, value]) => value !== null) : [];
  return Object.fromEntries(
    given.map(([name, value]) => [
      service.camelCase === 'everywhere' ? lowered(name) : name,
      below(name, value, service),
    ]),
  );
};

/** Any JSON but a text becomes its JSON text. */
export const textIn = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a service answered, as it goes over the wire: without what JSON cannot hold. */
export const wired = (output: unknown): Json => JSON.parse(jsonText(output)) as Json;

/** A service's answer as a task shows it. */
export const fromApi = (output: unknown, service: SdkService): Json => shown(wired(output), service);

const below = (name: string, value: Json, service: SdkService): Json => {
  const { camelCase, maps = [], jsonTexts = [], times = [] } = service;
  if (jsonTexts.includes(name)) return textIn(value);
  if (times.includes(name) && typeof value === 'string') return Date.parse(value) / 1000;
  if (maps.includes(camelCase === undefined ? name : lowered(name))) return value;
  if (isList(value)) return value.map((item) => below(name, item, service));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [
      camelCase === undefined ? member : lowered(member),
      below(member, inner, service),
    ]),
  );
};

const shown = (value: Json, service: SdkService): Json => {
  if (isList(value)) return value.map((item) => shown(item, service));
  if (!isObject(value)) return value;
  const { camelCase, maps = [], times = [] } = service;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      camelCase === undefined ? name : raised(name),
      maps.includes(name)
        ? member
        : times.includes(name) && typeof member === 'number'
          ? timeText(member * 1000)
          : shown(member, service),
    ]),
  );
};

/** ISO 8601, without a fraction when there is none, as Java writes it. */
export const timeText = (epochMs: number): string => new Date(Math.round(epochMs)).toISOString().replace('.000Z', 'Z');
