import { AwsError } from '../common/aws-error.ts';

/**
 * The caller gets no answer: over HTTP the connection is closed, and a part of the stage learns what an SDK client would make of that.
 */
export class NoAnswer extends AwsError {
  constructor() {
    super('SdkClientException', 'The connection was closed before an answer came.', { status: 500 });
  }
}
