import type { LogEvent, LogGroup, LogStream } from './log-group.ts';
import { type Input, invalidParameter, limitOf, messageFilter, numberOf, textOf } from './logs-input.ts';

/** Also for a page of no events in the middle: AWS's own bounds. */
const MOST_EVENTS = 10_000;
const MOST_STREAMS_A_PAGE = 50;

const within = (input: Input): ((event: LogEvent) => boolean) => {
  const from = numberOf(input, 'startTime') ?? -Infinity;
  const to = numberOf(input, 'endTime') ?? Infinity;
  return ({ timestamp }) => timestamp >= from && timestamp <= to;
};

const outputOf = ({ timestamp, message, ingestionTime }: LogEvent) => ({ timestamp, message, ingestionTime });

/** GetLogEvents: one stream, in both directions; a token is a direction and the event it starts from. */
export const getLogEvents = (group: LogGroup, input: Input): unknown => {
  const limit = limitOf(input, MOST_EVENTS);
  const isWanted = within(input);
  const events = group.events().filter((event) => event.stream === input.logStreamName && isWanted(event));
  const { forward, sequence } = startOf(input);
  const ahead = events.filter((event) => (forward ? event.sequence > sequence : event.sequence < sequence));
  const page = forward ? ahead.slice(0, limit) : ahead.slice(-limit);
  return { events: page.map(outputOf), ...tokensOf(page, forward, sequence) };
};

/** An empty page repeats the token it was asked with, which is how a reader knows the end; the other token leads back from there. */
const tokensOf = (page: readonly LogEvent[], forward: boolean, sequence: number): object => {
  const start = Number.isFinite(sequence) ? sequence : 0;
  const last = page.at(-1)?.sequence ?? (forward ? sequence : start - 1);
  const first = page[0]?.sequence ?? (forward ? sequence + 1 : start);
  return { nextForwardToken: `f/${last}`, nextBackwardToken: `b/${first}` };
};

const startOf = (input: Input): { forward: boolean; sequence: number } => {
  const token = textOf(input, 'nextToken');
  if (token === undefined)
    return input.startFromHead === true ? { forward: true, sequence: -1 } : { forward: false, sequence: Infinity };
  const [, direction, sequence] = /^([fb])\/(-?\d+)$/.exec(token) ?? [];
  if (!direction) throw invalidParameter('The specified nextToken is invalid.');
  return { forward: direction === 'f', sequence: Number(sequence) };
};

/** FilterLogEvents: all streams of a group together, by time. */
export const filterLogEvents = (group: LogGroup, input: Input): unknown => {
  const limit = limitOf(input, MOST_EVENTS);
  const tests = [within(input), ofStreams(input), ofPattern(input), after(textOf(input, 'nextToken'))];
  const found = group
    .events()
    .filter((event) => tests.every((test) => test(event)))
    .sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map((event) => ({
      ...outputOf(event),
      logStreamName: event.stream,
      eventId: String(event.sequence).padStart(56, '0'),
    })),
    searchedLogStreams: [],
    ...(last && found.length > limit ? { nextToken: `${last.timestamp}/${last.sequence}` } : {}),
  };
};

const ofStreams = (input: Input): ((event: LogEvent) => boolean) => {
  const names = input.logStreamNames as readonly string[] | undefined;
  const prefix = textOf(input, 'logStreamNamePrefix') ?? '';
  if (names && prefix) throw invalidParameter('logStreamNames and logStreamNamePrefix exclude each other.');
  return ({ stream }) => (names ? names.includes(stream) : stream.startsWith(prefix));
};

const ofPattern = (input: Input): ((event: LogEvent) => boolean) => {
  const test = messageFilter(textOf(input, 'filterPattern'));
  return ({ message }) => test(message);
};

const after = (token: string | undefined): ((event: LogEvent) => boolean) => {
  if (token === undefined) return () => true;
  const [, time, sequence] = /^(-?\d+)\/(\d+)$/.exec(token) ?? [];
  if (time === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return (event) =>
    event.timestamp > Number(time) || (event.timestamp === Number(time) && event.sequence > Number(sequence));
};

/** DescribeLogStreams, by name or by the time of the last event; a token counts the streams before it. */
export const describeLogStreams = (group: LogGroup, input: Input, arnOf: (stream: string) => string): unknown => {
  const prefix = textOf(input, 'logStreamNamePrefix') ?? '';
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && prefix) throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const direction = input.descending === true ? -1 : 1;
  const streams = group
    .streams()
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => direction * (byTime ? lastTime(a) - lastTime(b) : a.name < b.name ? -1 : 1));
  const { page, nextToken } = pageOf(streams, input, MOST_STREAMS_A_PAGE);
  const logStreams = page.map(({ name, ...times }) => ({ logStreamName: name, ...times, arn: arnOf(name) }));
  return { logStreams, ...nextToken };
};

const lastTime = ({ lastEventTimestamp, creationTime }: LogStream): number => lastEventTimestamp ?? creationTime;

/** A page of a list; the token is the number of entries before the next one. */
export const pageOf = <T>(all: readonly T[], input: Input, most: number): { page: readonly T[]; nextToken: object } => {
  const start = Number(textOf(input, 'nextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('The specified nextToken is invalid.');
  const end = start + limitOf(input, most);
  return { page: all.slice(start, end), nextToken: end < all.length ? { nextToken: String(end) } : {} };
};
