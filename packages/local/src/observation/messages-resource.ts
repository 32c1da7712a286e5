import { AwsError } from '../common/aws-error.ts';
import type { StageResource } from '../gateway/stage-paths.ts';
import type { MessageLog } from './message-log.ts';
import { recordsResource } from './records-resource.ts';

/** The record of messages over HTTP; POST `{ "makeVisible": QUEUE }` ends the visibility timeouts of a queue. */
export const messagesResource = (
  messages: MessageLog,
  makeVisible: (queue: string) => Promise<number>,
): StageResource => ({
  ...recordsResource(messages, { name: 'messages', filters: ['queue', 'messageId', 'outcome', 'fault'] }),
  POST: async ({ input: { makeVisible: queue } }) => {
    if (typeof queue === 'string' && queue !== '') return { messages: await makeVisible(queue) };
    throw new AwsError('ValidationException', 'makeVisible must be the name or the URL of a queue');
  },
});
