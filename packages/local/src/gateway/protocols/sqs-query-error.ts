import type { AwsError } from '../../common/aws-error.ts';

/** SQS was a query API once; clients such as boto3 go on naming its errors as they were named then. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
};

const PREFIXED = [
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
];

/** The value of the header `x-amzn-query-error`. */
export const queryErrorOf = (error: AwsError): string => {
  const prefix = PREFIXED.includes(error.code) ? 'AWS.SimpleQueueService.' : '';
  return `${OLD_NAMES[error.code] ?? prefix + error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
};
