import { randomUUID } from 'node:crypto';
import { AwsError } from '../../common/aws-error.ts';
import { StateError } from '../errors.ts';

/** How a task names a service and its errors. */
export interface ErrorNames {
  /** Before the dot, such as `DynamoDb`. */
  readonly prefix: string;
  /** Those of AWS's common errors that the service's own model has too. */
  readonly models?: readonly string[];
}

export interface OptimisedNames extends ErrorNames {
  /** As the older SDK names it, such as `AmazonDynamoDBv2`. */
  readonly service: string;
  /** The class of errors without one of their own, without `Exception`. */
  readonly others: string;
}

/** Errors that any service may answer, and that few of them list among their exceptions. */
const COMMON = [
  'AccessDenied',
  'AccessDeniedException',
  'IncompleteSignature',
  'InternalFailure',
  'InvalidAction',
  'InvalidParameterCombination',
  'InvalidParameterValue',
  'MissingParameter',
  'NotImplemented',
  'RequestEntityTooLarge',
  'SerializationException',
  'ServiceUnavailable',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
];

/** Exceptions are named as classes: `InvalidToken` is `InvalidTokenException`; what has no class of its own is the service's. */
const classOf = (code: string, models: readonly string[], ofService: string): string => {
  if (COMMON.includes(code) && !models.includes(code)) return `${ofService}Exception`;
  return code.endsWith('Exception') ? code : `${code}Exception`;
};

/** An error in the words of the SDK that Step Functions uses for its SDK integrations. */
export const sdkError = ({ prefix, models = [] }: ErrorNames, error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const { code, message, status } = error;
  return new StateError(
    `${prefix}.${classOf(code, models, prefix)}`,
    `${message} (Service: ${prefix}, Status Code: ${status}, Request ID: ${randomUUID()}) (SDK Attempt Count: 1)`,
  );
};

/** The same for an optimised integration, which uses an older SDK. */
export const optimisedError = ({ prefix, models = [], service, others }: OptimisedNames, error: unknown): unknown => {
  if (!(error instanceof AwsError)) return error;
  const { code, message, status } = error;
  return new StateError(
    `${prefix}.${classOf(code, models, others)}`,
    `${message} (Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null)`,
  );
};
