import { AwsError } from '../../common/aws-error.ts';
import { LARGEST_PAYLOAD, parseJson } from '../data/json.ts';
import { StateError, validationError } from '../errors.ts';
import type { TaskAttempt } from '../interpreter/task-attempt.ts';
import type { TaskTokens } from '../task-tokens.ts';
import { type Input, optionalText, requiredText } from './input.ts';

/** Characters, of each. */
const LONGEST_TOKEN = 2048;
const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

export const sendTaskSuccess = (input: Input, tokens: TaskTokens): unknown => {
  const text = requiredText(input, 'output');
  if (Buffer.byteLength(text) > LARGEST_PAYLOAD)
    throw validationError(
      `Value at 'output' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST_PAYLOAD}`,
    );
  const output = parseJson(text);
  if (output === undefined) throw new AwsError('InvalidOutput', "Invalid Output: 'The output is not valid JSON'");
  attemptOf(input, tokens).succeed(output);
  return {};
};

export const sendTaskFailure = (input: Input, tokens: TaskTokens): unknown => {
  const error = optionalText(input, 'error', { maxLength: LONGEST_ERROR, sensitive: true });
  const cause = optionalText(input, 'cause', { maxLength: LONGEST_CAUSE, sensitive: true });
  attemptOf(input, tokens).fail(new StateError(error, cause));
  return {};
};

export const sendTaskHeartbeat = (input: Input, tokens: TaskTokens): unknown => {
  attemptOf(input, tokens).heartbeat();
  return {};
};

const attemptOf = (input: Input, tokens: TaskTokens): TaskAttempt =>
  tokens.find(requiredText(input, 'taskToken', { minLength: 1, maxLength: LONGEST_TOKEN, sensitive: true }));
