import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { ServiceName } from '../common/service.ts';

/** What services call a fault of their own, where their model has a name for it. */
const FAULTS: Partial<Record<ServiceName, string>> = { 'redshift-data': 'InternalServerException' };

/** Every error as an AWS client can read it: what is not supported answers 501, which no SDK retries; a fault of the stage 500. */
export const toAwsError = (error: unknown, service?: ServiceName): AwsError => {
  if (error instanceof AwsError) return error;
  if (error instanceof NotSupportedError) return new AwsError('NotImplemented', error.message, { status: 501 });
  const message = error instanceof Error ? error.message : String(error);
  const fault = (service && FAULTS[service]) ?? 'InternalFailure';
  return new AwsError(fault, `The local stage failed: ${message}`, { status: 500 });
};

/** Is this a fault of the stage itself, and no answer that a service meant to give? */
export const isFault = (error: unknown): boolean =>
  !(error instanceof AwsError) && !(error instanceof NotSupportedError);

export const unknownOperation = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', `The local stage knows no operation ${operation} of ${service}.`, {
    status: 404,
  });
