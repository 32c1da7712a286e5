import { names, type ResourceCallback, type TrackingItem, withoutCredentials } from '@sfn-redshift/shared';
import type { Teller } from './choose-answer.ts';
import { type Ending, overrunText } from './statement-ending.ts';

/** What CloudFormation reads of an answer, in bytes of UTF-8: the whole of it. */
const MAX_ANSWER_BYTES = 4_096;
/** Longer than a reason is shown. */
const MAX_REASON_LENGTH = 1_024;

/** What `Fn::GetAtt` gives. */
type Attributes = Readonly<
  Record<'statementId' | 'statementName' | 'state' | 'rows' | 'redshiftQueryId' | 'time', string | number>
>;

/** What CloudFormation is told. */
export type ResourceAnswer =
  | { readonly type: 'success'; readonly data: Attributes }
  | { readonly type: 'failure'; readonly reason: string; readonly isUncertain: boolean };

/** The error after which the work may well have been done: what it would have made is to be deleted. */
const UNCERTAIN: string = names.ERROR_NAMES.statementUnknown;

/** What the output of a task has in its `detail`. */
const resourceSuccess = ({ event }: Ending): ResourceAnswer => {
  const { statementId, statementName, state, rows, redshiftQueryId, time } = event;
  return { type: 'success', data: { statementId, statementName, state, rows, redshiftQueryId, time } };
};

/** Every attribute is there: CloudFormation fails a stack that reads one which is not. */
export const nothingRun: ResourceAnswer = {
  type: 'success',
  data: { statementId: '', statementName: '', state: '', rows: '', redshiftQueryId: '', time: '' },
};

export const resourceFailure = (error: string, message: string, statementId?: string): ResourceAnswer => {
  const which = statementId === undefined ? '' : ` (statement ${statementId})`;
  const reason = withoutCredentials(message.slice(0, MAX_REASON_LENGTH));
  return { type: 'failure', reason: `${error}: ${reason}${which}`, isUncertain: error === UNCERTAIN };
};

const WITHOUT_TEXT = {
  FAILED: "The statement failed; Redshift's error text could not be read.",
  ABORTED: 'The statement was stopped before it finished; Redshift gave no reason.',
} as const;

/** How ends are told to CloudFormation. */
export const resourceTeller = (item: TrackingItem): Teller<ResourceAnswer> => ({
  unknown: ({ error, message, event: { statementId } }) => resourceFailure(error, message, statementId),
  finished: resourceSuccess,
  overrun: ({ event: { statementId } }) => resourceFailure('ABORTED', overrunText(item), statementId),
  failed: ({ event: { statementId } }, state, { text }) =>
    resourceFailure(state, text || WITHOUT_TEXT[state], statementId),
});

/** The answer as JSON; of what is too long the reason is cut, as nothing else can be. */
export const encodeAnswer = (answer: ResourceAnswer, callback: ResourceCallback): string => {
  const { requestId, stackId, logicalResourceId, physicalResourceId, failedResourceId = physicalResourceId } = callback;
  const isMade = answer.type === 'success' || answer.isUncertain;
  const encode = (told: object) =>
    JSON.stringify({
      ...told,
      PhysicalResourceId: isMade ? physicalResourceId : failedResourceId,
      StackId: stackId,
      RequestId: requestId,
      LogicalResourceId: logicalResourceId,
    });
  if (answer.type === 'success') return encodeSuccess(encode, answer.data);
  const { reason } = answer;
  for (let length = Math.min(reason.length, MAX_REASON_LENGTH); ; length = Math.floor(length * 0.9)) {
    const text = encode({ Status: 'FAILED', Reason: shortened(reason, length) });
    if (Buffer.byteLength(text) <= MAX_ANSWER_BYTES || length === 0) return text;
  }
};

/** Without its data an answer always fits. */
const encodeSuccess = (encode: (told: object) => string, data: object): string => {
  const text = encode({ Status: 'SUCCESS', Data: data });
  return Buffer.byteLength(text) <= MAX_ANSWER_BYTES ? text : encode({ Status: 'SUCCESS' });
};

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).toWellFormed()}…`;
