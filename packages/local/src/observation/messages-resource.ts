import { AwsError } from '../common/aws-error.ts';
import type { StageResource } from '../gateway/stage-paths.ts';
import type { MessageLog } from './message-log.ts';
import { queryOf } from './query.ts';

/**
 * The record of messages over HTTP: GET asks it, DELETE forgets what it holds; POST `{ "makeVisible": QUEUE }` ends the visibility timeouts
 * of a queue.
 */
export const messagesResource = (
  messages: MessageLog,
  makeVisible: (queue: string) => Promise<number>,
): StageResource => ({
  GET: (request) => {
    const filter = queryOf(request, ['queue', 'messageId', 'outcome', 'fault']);
    return { messages: messages.find(filter), latestId: messages.latestId };
  },
  POST: async ({ input: { makeVisible: queue } }) => {
    if (typeof queue === 'string' && queue !== '') return { messages: await makeVisible(queue) };
    throw new AwsError('ValidationException', 'makeVisible must be the name or the URL of a queue');
  },
  DELETE: () => messages.clear(),
});
