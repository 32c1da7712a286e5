import { awsFailureOf, heartbeatRefusalOf, uncancellableStateOf } from '@sfn-redshift/shared';

/** What a failed call says that handlers go by: who it is, whether to repeat it, and what it proves. */
export const refusalOf = (error: unknown) => {
  const failure = awsFailureOf(error);
  // A fault of the test.
  if (failure.status === undefined || failure.name === 'AccessDeniedException') throw error;
  return {
    refused: failure.name,
    kind: failure.kind,
    status: failure.status,
    task: heartbeatRefusalOf(failure),
    alreadyIn: uncancellableStateOf(failure),
    session: /^session .*\b(available|invalid)\b/i.exec(failure.message)?.[1],
  };
};

/** What came of a call, either way. */
export const outcomeOf = async (call: () => object | Promise<object>): Promise<object> => {
  try {
    return await call();
  } catch (error) {
    return refusalOf(error);
  }
};
