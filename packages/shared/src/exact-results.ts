import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';

/**
 * A whole number that JSON.parse may round: of 16 digits or more. Within a text the quote behind the name would have a
 * backslash before it, so this is found nowhere else.
 */
const LONG_INTEGER = /"longValue"\s*:\s*(-?\d{16,})(?=\s*\})/g;

/**
 * Makes the client keep whole numbers of results that JavaScript would round: the Data API sends them as JSON numbers, and
 * the SDK parses those into doubles. They come as `stringValue`, as decimals do.
 */
export const keepWholeNumbers = (client: RedshiftDataClient): RedshiftDataClient => {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'GetStatementResultCommand') await rewriteBody(answer.response);
        return answer;
      },
    // Innermost: nearer to the wire than the SDK's own parsing.
    { name: 'keepWholeNumbers', step: 'deserialize', priority: 'low' },
  );
  return client;
};

const rewriteBody = async (response: unknown): Promise<void> => {
  const received = response as { body?: Readable | Uint8Array };
  if (!received.body) return;
  const text = (await buffer(received.body as Readable)).toString();
  received.body = Buffer.from(text.replace(LONG_INTEGER, exactly));
};

const exactly = (found: string, digits: string): string =>
  Number.isSafeInteger(Number(digits)) ? found : `"stringValue":"${digits}"`;
