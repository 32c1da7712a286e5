import type { StageResource } from '../gateway/stage-paths.ts';
import type { MessageLog } from './message-log.ts';
import { queryOf } from './query.ts';

/** The record of messages over HTTP: GET asks it, DELETE forgets what it holds. */
export const messagesResource = (messages: MessageLog): StageResource => ({
  GET: (request) => {
    const filter = queryOf(request, ['queue', 'messageId', 'outcome', 'fault']);
    return { messages: messages.find(filter), latestId: messages.latestId };
  },
  DELETE: () => messages.clear(),
});
