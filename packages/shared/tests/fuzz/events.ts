import fc from 'fast-check';
import {
  encodeRefusedMessage,
  encodeStatementEvent,
  isExecutionEvent,
  isRefusedMessage,
  MalformedMessage,
  parseExecutionEvent,
  parseRefusedMessage,
  parseStatementEvent,
} from '../../src/index.ts';
import { message } from './messages.ts';
import { mustEqual, resultOrRefusal } from './verdicts.ts';

const refused = (given: unknown): void => {
  const parsed = resultOrRefusal(() => parseRefusedMessage(given), MalformedMessage);
  if (parsed) mustEqual(parsed, parseRefusedMessage(encodeRefusedMessage(parsed)));
};

const statementEvent = (given: unknown): void => {
  const parsed = resultOrRefusal(() => parseStatementEvent(given), MalformedMessage);
  if (!parsed) return;
  const { received: _received, ...told } = parsed;
  const { received: _same, ...toldAgain } = parseStatementEvent(encodeStatementEvent(parsed));
  mustEqual(told, toldAgain);
};

/** A message is malformed, or read; what was read is read again from what it is written as. */
export const events = fc.property(message, (given) => {
  if (isRefusedMessage(given)) refused(given);
  else if (isExecutionEvent(given)) resultOrRefusal(() => parseExecutionEvent(given), MalformedMessage);
  else statementEvent(given);
});
