import { names, plainFailure, type RefusedMessage } from '@sfn-redshift/shared';
import { answerOnly } from './answer-resource.ts';
import { answerWaiting } from './answer-waiting.ts';
import type { DrainDependencies } from './dependencies.ts';
import { resourceFailure } from './resource-answer.ts';
import { DONE, type Settlement } from './settlement.ts';

/** Tells whoever waits that the invoker has refused its request. There is no item: if the token is of no use, nobody waits. */
export const answerRefused = async (
  { callback, error, cause }: RefusedMessage,
  dependencies: DrainDependencies,
): Promise<Settlement> => {
  const { telemetry } = dependencies;
  if (callback.type === 'none') return DONE;
  if (callback.type === 'cloudFormation') {
    await answerOnly(resourceFailure(error, cause), callback, dependencies);
    return DONE;
  }
  const delivery = await answerWaiting(callback, plainFailure(error, cause), dependencies);
  if (delivery.type === 'delivered') {
    telemetry.count(names.METRICS.callbackDelivered);
  } else {
    telemetry.count(names.METRICS.callbackUndeliverable);
    telemetry.warn('nobody waits for this refusal', {
      error,
      ...(delivery.type === 'gone' && { answer: delivery.reason }),
    });
  }
  return DONE;
};
