import { patternIn } from '../common/pattern-json.ts';
import type { StageRequest, StageResource } from '../gateway/stage-paths.ts';
import type { Fault } from './fault.ts';
import type { FaultHandle } from './fault-entry.ts';
import type { Faults } from './faults.ts';
import { invalid, shown } from './fields.ts';

/** Faults over HTTP: POST gives one, GET lists them or shows one, DELETE removes one (by its id in the path) or all. */
export const faultsResource = (faults: Faults): StageResource => ({
  POST: ({ input }) => summary(faults.add(faultOf(input))),
  GET: ({ path: [id] }) =>
    id === undefined ? { seed: faults.seed, faults: faults.list().map(summary) } : summary(faults.get(id)),
  DELETE: ({ path: [id] }) => (id === undefined ? faults.clear() : faults.get(id).remove()),
});

const summary = ({ id, fault, matched, used }: FaultHandle) => ({ ...withoutPatterns(fault), id, matched, used });

const PATTERNS = ['operation', 'caller', 'rule', 'queue', 'body'];

const faultOf = (input: StageRequest['input']): Fault =>
  Object.fromEntries(
    Object.entries(input).map(([field, value]) => [
      field,
      PATTERNS.includes(field) ? textMatchOf(field, value) : value,
    ]),
  ) as unknown as Fault;

const textMatchOf = (field: string, value: unknown): unknown => {
  const pattern = patternIn(value);
  if (pattern === null)
    throw invalid(`${field}.pattern must be a regular expression, ${field}.flags its flags; received ${shown(value)}`);
  return pattern ?? value;
};

/** As it was given: a pattern is no JSON. */
const withoutPatterns = (fault: Fault): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fault).map(([field, value]) => [
      field,
      value instanceof RegExp ? { pattern: value.source, flags: value.flags } : (value as unknown),
    ]),
  );
