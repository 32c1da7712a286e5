import { foundIn } from '@sfn-redshift/fuzz';
import type { Answer, RecordedTelemetry } from '../helpers/drain.ts';
import { CANARIES } from '../helpers/fixtures.ts';
import { HEALTHY } from './healthy.ts';

const TOKENS = [CANARIES.taskToken, CANARIES.taskToken.slice(0, 60), 'token-of-the-healthy'];

/** @throws Error where a secret was logged, counted or told to a task */
export const mustNotTell = (telemetry: RecordedTelemetry, answers: readonly Answer[]): void => {
  const logged = foundIn(JSON.stringify([telemetry.lines, telemetry.counts]), [...Object.values(CANARIES), ...TOKENS]);
  const told = foundIn(JSON.stringify(answers.map(({ result }) => result)), [...TOKENS, CANARIES.responseUrl]);
  if (logged.length > 0) throw new Error(`the log tells ${logged.join(', ')}`);
  if (told.length > 0) throw new Error(`a task is told ${told.join(', ')}`);
};

/** @throws Error unless the healthy item's task was told, once, that its statement has finished */
export const mustBeTold = (answers: readonly Answer[]): void => {
  const { callback } = HEALTHY;
  const told = answers.filter(({ taskToken }) => callback.type === 'stepFunctions' && taskToken === callback.taskToken);
  if (told.length !== 1 || told[0]?.result.type !== 'success') throw new Error(`it was told ${JSON.stringify(told)}`);
};
