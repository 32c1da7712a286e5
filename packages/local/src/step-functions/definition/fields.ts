import type { JsonObject } from '../data/json.ts';
import type { QueryLanguage } from './states.ts';

type FieldsByType = Readonly<Record<string, readonly string[]>>;

const ANY = ['Type', 'Comment', 'QueryLanguage'];
const ONWARD = ['Next', 'End', 'Assign'];
const HANDLING = ['Retry', 'Catch'];

const PATHS = [...ANY, 'InputPath', 'OutputPath'];
const RESULTS = ['Parameters', 'ResultSelector', 'ResultPath'];

/** Of Map states. */
const TOLERATED_PATHS = ['ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'];
export const DISTRIBUTED_ONLY = [
  'Label',
  'ItemBatcher',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  ...TOLERATED_PATHS,
];
const MAP = ['ItemProcessor', 'ItemSelector', 'MaxConcurrency', ...DISTRIBUTED_ONLY];
const MAP_JSONATA = MAP.filter((field) => !TOLERATED_PATHS.includes(field));

const JSONPATH: FieldsByType = {
  Pass: [...PATHS, ...ONWARD, 'Result', 'Parameters', 'ResultPath'],
  Task: [
    ...PATHS,
    ...ONWARD,
    ...RESULTS,
    ...HANDLING,
    'Resource',
    'Credentials',
    'TimeoutSeconds',
    'TimeoutSecondsPath',
    'HeartbeatSeconds',
    'HeartbeatSecondsPath',
  ],
  Parallel: [...PATHS, ...ONWARD, ...RESULTS, ...HANDLING, 'Branches'],
  Map: [...PATHS, ...ONWARD, ...RESULTS, ...HANDLING, ...MAP, 'Iterator', 'ItemsPath', 'MaxConcurrencyPath'],
  Choice: [...PATHS, 'Choices', 'Default', 'Assign'],
  Wait: [...PATHS, ...ONWARD, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: PATHS,
  Fail: [...ANY, 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

const JSONATA: FieldsByType = {
  Pass: [...ANY, ...ONWARD, 'Output'],
  Task: [
    ...ANY,
    ...ONWARD,
    ...HANDLING,
    'Arguments',
    'Output',
    'Resource',
    'Credentials',
    'TimeoutSeconds',
    'HeartbeatSeconds',
  ],
  Parallel: [...ANY, ...ONWARD, ...HANDLING, 'Arguments', 'Output', 'Branches'],
  Map: [...ANY, ...ONWARD, ...HANDLING, ...MAP_JSONATA, 'Items', 'Output'],
  Choice: [...ANY, 'Choices', 'Default', 'Assign', 'Output'],
  Wait: [...ANY, ...ONWARD, 'Output', 'Seconds', 'Timestamp'],
  Succeed: [...ANY, 'Output'],
  Fail: [...ANY, 'Error', 'Cause'],
};

/** What a language has in states and their parts. */
export interface LanguageFields {
  /** By type of state. Types that are not here are not run. */
  readonly states: FieldsByType;
  readonly rule: readonly string[];
  readonly catcher: readonly string[];
}

const CATCHER = ['ErrorEquals', 'Next', 'Assign', 'Comment'];

export const FIELDS: Readonly<Record<QueryLanguage, LanguageFields>> = {
  JSONPath: {
    states: JSONPATH,
    rule: ['Next', 'And', 'Or', 'Not', 'Variable', 'Assign', 'Comment'],
    catcher: [...CATCHER, 'ResultPath'],
  },
  JSONata: {
    states: JSONATA,
    rule: ['Next', 'Condition', 'Assign', 'Output', 'Comment'],
    catcher: [...CATCHER, 'Output'],
  },
};

export const MACHINE = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
export const BRANCH = ['Comment', 'StartAt', 'States'];
export const PROCESSOR = [...BRANCH, 'ProcessorConfig'];

export const RETRIER = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];

/** Fields that hold a template, in either language. */
export const TEMPLATES = [
  'Parameters',
  'ResultSelector',
  'Credentials',
  'ItemSelector',
  'Assign',
  'Arguments',
  'Output',
];

/** Fields that hold one path, or one intrinsic function's call. */
export const PATH_FIELD =
  /^(?:Input|Output|Seconds|Timestamp|TimeoutSeconds|HeartbeatSeconds|Error|Cause|Items|MaxConcurrency|ToleratedFailureCount|ToleratedFailurePercentage)Path$/;

export const languageOf = (state: JsonObject): QueryLanguage =>
  state.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath';
