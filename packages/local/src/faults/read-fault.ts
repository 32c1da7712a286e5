import { SERVICE_NAMES } from '../common/service.ts';
import { compilePattern } from '../event-bridge/event-pattern.ts';
import { CALL_ACTIONS, type Fault, TRANSIT_ACTIONS } from './fault.ts';
import {
  checkFields,
  type FieldKinds,
  identifier,
  invalid,
  oneOf,
  part,
  shown,
  text,
  textMatch,
  wholeNumber,
} from './fields.ts';

const SELECTION: FieldKinds = { id: identifier, nth: wholeNumber(1), uses: wholeNumber(1), probability: part };
const TRANSIT: FieldKinds = {
  copies: wholeNumber(1),
  delayMs: wholeNumber(0),
  behind: wholeNumber(1),
  window: wholeNumber(2),
  holdMs: wholeNumber(1),
};

const KINDS: Readonly<Record<Fault['on'], FieldKinds>> = {
  call: {
    on: text,
    service: oneOf(SERVICE_NAMES),
    operation: textMatch,
    caller: textMatch,
    when: oneOf(['before', 'after', 'answered']),
    do: oneOf(CALL_ACTIONS),
    error: text,
    status: wholeNumber(400, 599),
    message: text,
    delayMs: wholeNumber(0),
    ...SELECTION,
  },
  event: {
    on: text,
    pattern: { what: 'an event pattern', holds: (value) => typeof value === 'object' && value !== null },
    rule: textMatch,
    do: oneOf(TRANSIT_ACTIONS),
    ...TRANSIT,
    ...SELECTION,
  },
  message: { on: text, queue: textMatch, body: textMatch, do: oneOf(TRANSIT_ACTIONS), ...TRANSIT, ...SELECTION },
};

/** Fields that only some actions have. */
const FOR_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  error: ['fail', 'throttle', 'serverError'],
  status: ['fail', 'throttle', 'serverError'],
  message: ['fail', 'throttle', 'serverError'],
  delayMs: ['delay'],
  copies: ['duplicate'],
  behind: ['reorder'],
  window: ['reorder'],
  holdMs: ['reorder'],
};

const NEEDED: Readonly<Record<string, string>> = { fail: 'error', delay: 'delayMs' };

/** Checks a fault, which may come from JSON. @throws AwsError `ValidationException` naming the field and what was received */
export const readFault = (given: unknown): Fault => {
  if (typeof given !== 'object' || given === null) throw invalid(`a fault must be an object; received ${shown(given)}`);
  const fault = given as Fault;
  const kinds = Object.hasOwn(KINDS, String(fault.on)) ? KINDS[fault.on] : undefined;
  if (!kinds) throw invalid(`on must be one of ${Object.keys(KINDS).join(', ')}; received ${shown(fault.on)}`);
  checkFields({ ...fault }, kinds, `a fault on ${fault.on}s`);
  if (fault.do === undefined) throw invalid(`do must be ${kinds.do?.what}; received nothing`);
  checkAction({ ...fault });
  if (fault.on === 'event' && fault.pattern) compilePattern(fault.pattern);
  return { ...fault };
};

const checkAction = (given: Readonly<Record<string, unknown>> & { readonly do: string }): void => {
  for (const [field, actions] of Object.entries(FOR_ACTIONS))
    if (given[field] !== undefined && !actions.includes(given.do))
      throw invalid(`${field} is for ${actions.join(', ')} only; received it with do ${given.do}`);
  const needed = NEEDED[given.do];
  if (needed && given[needed] === undefined) throw invalid(`${needed} is needed with do ${given.do}; received nothing`);
  if (given.when === 'answered' && given.do !== 'kill')
    throw invalid(`when must be before or after with do ${given.do}; received "answered"`);
  if (given.behind !== undefined && given.window !== undefined)
    throw invalid('behind and window exclude each other; received both');
};
