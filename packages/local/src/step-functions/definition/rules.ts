import { isObject, type Json } from '../data/json.ts';
import {
  type Catcher,
  type MapState,
  processorOf,
  type Retrier,
  type State,
  type StateGroup,
  type TaskState,
} from './states.ts';
import { missingParameters, misspeltParameters } from './task-resource.ts';

/** What AWS checks when a state machine is created, and the validator does not; one text for each violation. */
export const violationsOf = (group: StateGroup): readonly string[] =>
  Object.entries(group.States).flatMap(([name, state]) => [
    ...inState(state).map((violation) => `SCHEMA_VALIDATION_FAILED: ${violation} at /States/${name}`),
    ...groupsOf(state).flatMap(violationsOf),
  ]);

const groupsOf = (state: State): readonly StateGroup[] => {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [processorOf(state)] : [];
};

const inState = (state: State): readonly string[] => {
  if (state.Type !== 'Task' && state.Type !== 'Parallel' && state.Type !== 'Map') return [];
  const { Retry: retriers = [], Catch: catchers = [] } = state;
  return [
    ...(state.Type === 'Task' ? inTask(state) : []),
    ...(state.Type === 'Map' ? inMap(state) : []),
    ...inErrorEquals('Retry', retriers),
    ...inErrorEquals('Catch', catchers),
    ...retriers.flatMap(inRetrier),
  ];
};

const inTask = ({
  Resource,
  Parameters,
  Arguments,
  Credentials: credentials,
  TimeoutSeconds,
  HeartbeatSeconds,
}: TaskState): readonly string[] => [
  ...missingParameters(Resource, Arguments ?? Parameters).map(missing),
  ...misspeltParameters(Resource, Arguments ?? Parameters).map(
    (name) => `The field '${name}' is not supported by Step Functions`,
  ),
  ...unless(credentials === undefined || namesRole(credentials), missing('RoleArn')),
  ...unless(
    HeartbeatSeconds === undefined || TimeoutSeconds === undefined || HeartbeatSeconds < TimeoutSeconds,
    'HeartbeatSeconds must be smaller than TimeoutSeconds',
  ),
];

const missing = (field: string): string => `The field '${field}' is required but was missing`;

/** What is one expression as a whole is not looked into. */
const namesRole = (credentials: Json): boolean =>
  typeof credentials === 'string' ||
  (isObject(credentials) && ('RoleArn' in credentials || 'RoleArn.$' in credentials));

const LONGEST_LABEL = 40;
const FORBIDDEN_IN_LABELS = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

const inMap = ({ Label: label }: MapState): readonly string[] => {
  if (label === undefined) return [];
  return [
    ...unless(label !== '', 'Label cannot be empty'),
    ...unless(label.length <= LONGEST_LABEL, `Label cannot exceed ${LONGEST_LABEL} characters`),
    ...unless(!FORBIDDEN_IN_LABELS.test(label), `Label contains an invalid character: '${label}'`),
  ];
};

const inErrorEquals = (field: string, list: readonly (Retrier | Catcher)[]): readonly string[] =>
  list.flatMap(({ ErrorEquals: names }, index) =>
    unless(
      !names.includes('States.ALL') || (names.length === 1 && index === list.length - 1),
      `States.ALL must appear alone, and in the last element of ${field}`,
    ),
  );

const inRetrier = ({ IntervalSeconds = 1, MaxAttempts = 0, BackoffRate = 1 }: Retrier): readonly string[] => [
  ...unless(IntervalSeconds >= 1, 'IntervalSeconds must be at least 1'),
  ...unless(MaxAttempts >= 0, 'MaxAttempts must not be negative'),
  ...unless(BackoffRate >= 1, 'BackoffRate must be at least 1'),
];

const unless = (isKept: boolean, violation: string): readonly string[] => (isKept ? [] : [violation]);
