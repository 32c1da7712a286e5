import { AwsError } from '../common/aws-error.ts';
import type { ApiCall, ServiceName } from '../common/service.ts';
import { throttled, throttledWorkgroup } from '../redshift-data/errors.ts';

type Make = (call: ApiCall) => AwsError;

const RATE = 'Rate exceeded';

/** DynamoDB tells the throttle of a table's data from that of its management. */
const dynamoDb: Make = ({ operation }) =>
  /Table|TimeToLive|Backups|Tag/.test(operation)
    ? new AwsError('ThrottlingException', `${RATE}.`)
    : new AwsError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      );

/** How services word that they are asked too often, where it is not as most do. */
const THROTTLES: Partial<Record<ServiceName, Make>> = {
  dynamodb: dynamoDb,
  kms: () =>
    new AwsError(
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ),
  lambda: () =>
    new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      status: 429,
      members: { Reason: 'ConcurrentInvocationLimitExceeded', Type: 'User' },
    }),
  // On serverless it comes in a disguise, as it does beyond the stage's own call rates.
  'redshift-data': ({ input, requestId }) =>
    typeof input.WorkgroupName === 'string' ? throttledWorkgroup(requestId) : throttled(),
  s3: () => new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 }),
  sqs: () => new AwsError('RequestThrottled', 'The request was denied due to request throttling.'),
  sts: () => new AwsError('Throttling', RATE),
};

/** What services call a fault of their own, where their model has a name for it. */
const SERVER_ERRORS: Partial<Record<ServiceName, string>> = {
  dynamodb: 'InternalServerError',
  kms: 'KMSInternalException',
  lambda: 'ServiceException',
  logs: 'ServiceUnavailableException',
  'redshift-data': 'InternalServerException',
  s3: 'InternalError',
};

export const throttleOf: Make = (call) => THROTTLES[call.service]?.(call) ?? new AwsError('ThrottlingException', RATE);

export const serverErrorOf = ({ service }: ApiCall): AwsError =>
  new AwsError(SERVER_ERRORS[service] ?? 'InternalFailure', 'An internal error occurred.', { status: 500 });
