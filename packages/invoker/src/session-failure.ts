import { type AwsFailure, awsFailureOf, SessionBusy, SessionGone, type TaskerError } from '@sfn-redshift/shared';
import type { DataApi } from './data-api.ts';

/** What is said of a session that is busy, and also of one that is closed. */
const UNAVAILABLE = /^session is not available/i;

/** What is said of a session that there never was, or not for this role; the Data API has no exception of its own for that. */
const INVALID = /^session\b.*\b(?:is invalid|does not exist|(?:been|is) closed|(?:has|is) expired)\b/i;

/**
 * The error by which a start was refused for its session; undefined where it was refused for something else.
 * @param signal ends the question whether the session is gone: a session of which that is not known may be free later
 */
export const sessionFailureOf = async (
  { name, message }: AwsFailure,
  sessionId: string,
  signal: AbortSignal,
  dataApi: Pick<DataApi, 'session'>,
): Promise<TaskerError | undefined> => {
  if (name !== 'ValidationException') return undefined;
  if (INVALID.test(message)) return gone(sessionId);
  if (!UNAVAILABLE.test(message)) return undefined;
  return (await isGone(sessionId, signal, dataApi)) ? gone(sessionId) : busy(sessionId);
};

const isGone = async (sessionId: string, signal: AbortSignal, dataApi: Pick<DataApi, 'session'>): Promise<boolean> => {
  try {
    const session = await dataApi.session(sessionId, signal);
    return session === undefined || session.Status === 'CLOSED';
  } catch (error) {
    return awsFailureOf(error).name === 'ResourceNotFoundException';
  }
};

const busy = (sessionId: string) =>
  new SessionBusy(
    `the session ${sessionId} runs another statement; when that has ended, the same request can start this one`,
  );

const gone = (sessionId: string) =>
  new SessionGone(
    `the session ${sessionId} is closed, or was never opened by this target's owner role; what was in a closed one is lost`,
  );
