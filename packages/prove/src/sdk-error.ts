/** An exception as an SDK client throws it; without a status, no answer came. `attempts`: requests that were sent. */
export const sdkError = (name: string, message: string, status?: number, attempts = 1): Error =>
  Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { ...(status !== undefined && { httpStatusCode: status }), requestId: 'aws-request', attempts },
  });
