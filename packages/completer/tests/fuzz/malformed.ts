import {
  isExecutionEvent,
  isRefusedMessage,
  parseExecutionEvent,
  parseRefusedMessage,
  parseStatementEvent,
} from '@sfn-redshift/shared';
import type { SQSRecord } from 'aws-lambda';

/** Whether the message is none of those that the contract knows. */
export const isMalformed = ({ body }: SQSRecord): boolean => {
  try {
    const content: unknown = JSON.parse(body);
    if (isRefusedMessage(content)) parseRefusedMessage(content);
    else if (isExecutionEvent(content)) parseExecutionEvent(content);
    else parseStatementEvent(content);
    return false;
  } catch {
    return true;
  }
};
