import {
  decodeStatementName,
  isExecutionEvent,
  isFailedInvocation,
  isRefusedMessage,
  isUnneededMessage,
  MalformedMessage,
  names,
  parseExecutionEvent,
  parseFailedInvocation,
  parseRefusedMessage,
  parseStatementEvent,
  parseUnneededMessage,
} from '@sfn-redshift/shared';
import type { LogFields } from '@sfn-redshift/shared/telemetry';
import { answerRefused } from './answer-refused.ts';
import { answerOnly } from './answer-resource.ts';
import { completeStatement } from './complete-statement.ts';
import { type CompletionMessage, contentOf } from './completion-message.ts';
import type { DrainDependencies } from './dependencies.ts';
import { followExecution } from './follow-execution.ts';
import { giveUpInvocation } from './give-up-invocation.ts';
import { nothingRun } from './resource-answer.ts';
import { DONE, type Settlement } from './settlement.ts';

/** Settles one message. Whatever it throws, the message may be settled later. */
export const settleMessage = async (message: CompletionMessage, dependencies: DrainDependencies): Promise<void> => {
  const { telemetry, queue } = dependencies;
  try {
    const settlement = await settle(message, dependencies);
    if (settlement.type === 'done') return;
    await queue.defer(message, settlement.seconds);
    telemetry.count(names.METRICS.messageDeferred);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    telemetry.count(names.METRICS.messageMalformed);
    telemetry.error('message is malformed', { messageId: message.id, reason: error.message });
  }
};

const settle = async (message: CompletionMessage, dependencies: DrainDependencies): Promise<Settlement> => {
  const content = contentOf(message);
  if (isRefusedMessage(content)) return await answerRefused(parseRefusedMessage(content), dependencies);
  if (isExecutionEvent(content)) {
    return await followExecution(parseExecutionEvent(content), message.deferrals, dependencies);
  }
  if (isUnneededMessage(content)) {
    await answerOnly(nothingRun, parseUnneededMessage(content), dependencies);
    return DONE;
  }
  if (isFailedInvocation(content)) return await giveUpInvocation(parseFailedInvocation(content), dependencies);
  return await completeStatement(parseStatementEvent(content), message.deferrals, dependencies);
};

/** Messages with the same key are about the same statement, or are copies of each other. */
export const orderKeyOf = (message: CompletionMessage): string => {
  try {
    return parseStatementEvent(contentOf(message)).statementName;
  } catch {
    return message.body;
  }
};

/** What is logged of a message: which statement it is about, by name only if that is one of ours. */
export const aboutMessage = (message: Pick<CompletionMessage, 'body'>, statementNamePrefix: string): LogFields => {
  try {
    const { statementId, statementName } = parseStatementEvent(contentOf(message));
    return { statementId, ...(decodeStatementName(statementNamePrefix, statementName) && { statementName }) };
  } catch {
    return {};
  }
};
