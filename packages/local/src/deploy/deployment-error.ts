import { AwsError } from '../common/aws-error.ts';

/** A stack could not be brought to where its template wants it, though nothing in the template was refused. It has been rolled back. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** What could not be made may be there all the same, so it is deleted when the rest is rolled back. */
export class HalfMadeError extends Error {
  override readonly name = 'HalfMadeError';
  /** As what it is to be deleted. */
  readonly physicalId: string;

  constructor(message: string, physicalId: string) {
    super(message);
    this.physicalId = physicalId;
  }
}

/** Some errors of services say nothing but what they are called. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error instanceof AwsError ? error.code : error.name);
};
