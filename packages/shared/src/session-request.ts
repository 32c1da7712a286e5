import type { RequestFields } from './task-request-fields.ts';

/**
 * The session of the Data API that a statement runs in: a new one, or the one of that id, which others have opened.
 * `keepAliveSeconds`: how long it stays when nothing runs in it, from now on; with 0 it ends with this statement.
 */
export type SessionRequest =
  | { readonly keepAliveSeconds: number }
  | { readonly id: string; readonly keepAliveSeconds?: number };

/**
 * As long a session stays that is opened without saying how long. The sweep finds within two minutes what no event has told;
 * the next state shall find the session then, too.
 */
const KEEP_ALIVE_SECONDS = 300;

/** @param refuse throws, for what stands at that place of the request and makes no sense */
export const sessionIn = (
  { session }: RequestFields,
  refuse: (place: string, problem: string, received: unknown) => never,
): SessionRequest | undefined => {
  if (!session) return undefined;
  const { id, keepAliveSeconds } = session;
  if (id !== undefined) return { id, ...(keepAliveSeconds !== undefined && { keepAliveSeconds }) };
  if (keepAliveSeconds !== 0) return { keepAliveSeconds: keepAliveSeconds ?? KEEP_ALIVE_SECONDS };
  return refuse('session.keepAliveSeconds', 'must be at least 1 where a session is opened, as without session.id', 0);
};
