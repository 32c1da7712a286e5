import { names, type ResourceCallback } from '@sfn-redshift/shared';
import type { Delivery } from './callback.ts';
import type { AnswerDependencies } from './dependencies.ts';
import { encodeAnswer, type ResourceAnswer } from './resource-answer.ts';

/** Tells CloudFormation; a URL that is of no use any more is logged, but not by its text. */
export const answerResource = async (
  answer: ResourceAnswer,
  callback: ResourceCallback,
  { responses, telemetry }: Pick<AnswerDependencies, 'responses' | 'telemetry'>,
): Promise<Delivery> => {
  const { responseUrl, requestId, requestType, logicalResourceId } = callback;
  const delivery = await responses.put(responseUrl, encodeAnswer(answer, callback));
  const about = { requestId, requestType, logicalResourceId, status: answer.type };
  if (delivery.type === 'delivered') telemetry.info('resource is answered', about);
  else telemetry.warn('nobody takes the answer for a resource any more', { ...about, answer: delivery.reason });
  return delivery;
};

/** The same, of a request of which there is nothing to be closed. */
export const answerOnly = async (
  answer: ResourceAnswer,
  callback: ResourceCallback,
  dependencies: Pick<AnswerDependencies, 'responses' | 'telemetry'>,
): Promise<void> => {
  const { type } = await answerResource(answer, callback, dependencies);
  dependencies.telemetry.count(
    type === 'delivered' ? names.METRICS.callbackDelivered : names.METRICS.callbackUndeliverable,
  );
};
