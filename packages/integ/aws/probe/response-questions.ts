import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ProbeGround, Question } from './probe-ground.ts';

interface Responded {
  readonly host: string;
  readonly first: number;
  readonly second: number | string;
}

/** What the custom resource of the stack has logged when it was created. */
const responded = ({ logs, outputs, until }: ProbeGround): Promise<Responded> =>
  until(async () => {
    const command = new FilterLogEventsCommand({ logGroupName: outputs.OutWaitsLogGroup, filterPattern: 'PROBE' });
    const { events = [] } = await logs.send(command);
    const [, told] = /PROBE (\{.*\})/.exec(events.at(-1)?.message ?? '') ?? [];
    return told === undefined ? undefined : (JSON.parse(told) as Responded);
  });

export const RESPONSE_QUESTIONS: readonly Question[] = [
  {
    point: 5,
    question: 'To which host does a ResponseURL of CloudFormation lead?',
    ask: async (on) => (await responded(on)).host,
  },
  {
    point: 8,
    question: 'What does a second PUT to a ResponseURL come to?',
    ask: async (on) => {
      const { first, second } = await responded(on);
      return `${second}, after ${first} for the first`;
    },
  },
];
