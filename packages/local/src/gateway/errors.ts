import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** Every error as an AWS client can read it: what is not supported answers 501, which no SDK retries; a fault of the stage 500. */
export const toAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error;
  if (error instanceof NotSupportedError) return new AwsError('NotImplemented', error.message, { status: 501 });
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `The local stage failed: ${message}`, { status: 500 });
};

/** Is this a fault of the stage itself, and no answer that a service meant to give? */
export const isFault = (error: unknown): boolean =>
  !(error instanceof AwsError) && !(error instanceof NotSupportedError);

export const unknownOperation = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', `The local stage knows no operation ${operation} of ${service}.`, {
    status: 404,
  });
