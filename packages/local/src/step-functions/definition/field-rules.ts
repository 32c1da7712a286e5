import { isOperator } from '../data/choice-rule.ts';
import { isList, isObject, type JsonObject } from '../data/json.ts';
import { isExpression } from '../data/jsonata/template.ts';
import { parseTimestamp } from '../data/timestamp.ts';
import { FIELDS, languageOf, RETRIER } from './fields.ts';
import { allStatesOf, listOf } from './groups.ts';

/** As documented for Wait states. */
const MOST_SECONDS = 99_999_999;

/** What AWS says of single fields, and the validator does not; one text for each violation. */
export const fieldViolations = (definition: JsonObject): readonly string[] =>
  allStatesOf(definition).flatMap(({ name, state }) =>
    [...unknownFields(state), ...inWait(state), ...inBatcher(state), ...emptyNames(state)].map(
      ([violation, at]) => `SCHEMA_VALIDATION_FAILED: ${violation} at /States/${name}${at}`,
    ),
  );

type Violation = readonly [violation: string, at: string];

/** Fields of the other language, and those that no language has. */
const unknownFields = (state: JsonObject): readonly Violation[] => {
  const { rule, catcher } = FIELDS[languageOf(state)];
  const isUnknownHere = state.Type === 'Choice' ? 'End' : state.Type === 'Pass' ? resultOf(state) : undefined;
  return [
    ...(isUnknownHere !== undefined && Object.hasOwn(state, isUnknownHere) ? [unknown(isUnknownHere, '')] : []),
    ...inParts(state, 'Choices', (field) => rule.includes(field) || isOperator(field)),
    ...inParts(state, 'Catch', (field) => catcher.includes(field)),
    ...inParts(state, 'Retry', (field) => RETRIER.includes(field)),
  ];
};

/** What is a result in JSONPath is an output in JSONata. */
const resultOf = (state: JsonObject): string | undefined => (languageOf(state) === 'JSONata' ? 'Result' : undefined);

const inParts = (state: JsonObject, list: string, isKnown: (field: string) => boolean): readonly Violation[] =>
  listOf(state[list]).flatMap((part, index) =>
    fieldsOf(part)
      .filter((field) => !isKnown(field))
      .map((field) => unknown(field, `/${list}[${index}]`)),
  );

/** Of a rule, also those of the rules that it is made of. */
const fieldsOf = (part: JsonObject): readonly string[] => [
  ...Object.keys(part),
  ...[...listOf(part.And), ...listOf(part.Or), ...(isObject(part.Not) ? [part.Not] : [])].flatMap(fieldsOf),
];

const unknown = (field: string, at: string): Violation => [`Field '${field}' is not supported`, at];

const inWait = ({ Type, Seconds, Timestamp }: JsonObject): readonly Violation[] => {
  if (Type !== 'Wait') return [];
  if (typeof Seconds === 'number' && Seconds > MOST_SECONDS)
    return [[`Seconds must be at most ${MOST_SECONDS}`, '/Seconds']];
  if (Timestamp === undefined || isExpression(Timestamp) || parseTimestamp(Timestamp) !== undefined) return [];
  return [['String does not match RFC3339 timestamp', '/Timestamp']];
};

/** How large a batch is at most, in items or in bytes. */
const BATCH_SIZES = ['MaxItemsPerBatch', 'MaxItemsPerBatchPath', 'MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'];

const inBatcher = ({ ItemBatcher: batcher }: JsonObject): readonly Violation[] =>
  isObject(batcher) && !BATCH_SIZES.some((size) => Object.hasOwn(batcher, size))
    ? [[`At least one of these fields is required: [${BATCH_SIZES.join(', ')}]`, '/ItemBatcher']]
    : [];

const emptyNames = (state: JsonObject): readonly Violation[] =>
  ['Retry', 'Catch'].flatMap((list) =>
    listOf(state[list]).flatMap(({ ErrorEquals: names }, index): readonly Violation[] =>
      isList(names) && names.length === 0 ? [['ErrorEquals must not be empty', `/${list}[${index}]`]] : [],
    ),
  );
