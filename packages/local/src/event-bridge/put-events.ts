import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { BusEvent } from '../common/ports.ts';
import type { NeededPermission } from '../common/service.ts';
import { isDefaultBus } from './bus-name.ts';

const MOST_ENTRIES = 10;
const LARGEST_REQUEST = 1_048_576;
/** What EventBridge counts for an entry's time. */
const TIME_BYTES = 14;

const FIELDS = ['Detail', 'DetailType', 'EventBusName', 'Resources', 'Source', 'Time'];

type Entry = Readonly<Record<string, unknown>>;

/** How one entry fared. */
type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

export interface PutEventsOutput {
  readonly FailedEntryCount: number;
  readonly Entries: readonly Result[];
}

/**
 * Puts each entry by itself; one that is refused is told of in its place.
 *
 * @param put takes the event, and gives its id
 * @throws AwsError `ValidationException` for too many or too large entries
 */
export const putEvents = (input: Entry, put: (event: BusEvent) => string): PutEventsOutput => {
  const entries = entriesOf(input);
  checkSize(entries);
  const Entries = entries.map((entry): Result => {
    const refusal = refusalOf(entry);
    return refusal ? { ErrorCode: refusal[0], ErrorMessage: refusal[1] } : { EventId: put(eventOf(entry)) };
  });
  return { FailedEntryCount: Entries.filter((result) => 'ErrorCode' in result).length, Entries };
};

/** One a different source and type, as policies may tell them apart. */
export const putEventsPermissions = (input: Entry, busArn: string): readonly NeededPermission[] =>
  entriesOf(input).map(({ Source, DetailType }) => ({
    action: 'events:PutEvents',
    resource: busArn,
    context: { 'events:source': String(Source), 'events:detail-type': String(DetailType) },
  }));

const entriesOf = ({ Entries, EndpointId }: Entry): readonly Entry[] => {
  if (EndpointId !== undefined) throw new NotSupportedError('PutEvents: EndpointId');
  const count = Array.isArray(Entries) ? Entries.length : 0;
  if (count < 1 || count > MOST_ENTRIES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${
        count < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_ENTRIES}`
      }`,
    );
  if ((Entries as readonly unknown[]).some((entry) => typeof entry !== 'object' || entry === null))
    throw new AwsError('SerializationException', 'Every entry must be an object.');
  return Entries as readonly Entry[];
};

const checkSize = (entries: readonly Entry[]): void => {
  const total = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (total > LARGEST_REQUEST)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
};

const sizeOf = ({ Time, Source, DetailType, Detail, Resources }: Entry): number =>
  [Source, DetailType, Detail, ...resourcesOf({ Resources })].reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    Time === undefined ? 0 : TIME_BYTES,
  );

const resourcesOf = ({ Resources }: Entry): readonly string[] =>
  Array.isArray(Resources) ? Resources.map(String) : [];

/** Code and message, in EventBridge's words. */
const refusalOf = (entry: Entry): readonly [string, string] | undefined => {
  refuseUnknown(entry);
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => !entry[name]);
  if (missing)
    return ['InvalidArgument', `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`];
  if (String(entry.Source).startsWith('aws.'))
    return ['NotAuthorizedForSourceException', 'Not authorized for the source.'];
  return parsedDetail(entry) ? undefined : ['MalformedDetail', 'Detail is malformed.'];
};

const refuseUnknown = (entry: Entry): void => {
  const unknown = Object.keys(entry).find((name) => !FIELDS.includes(name) && entry[name] !== undefined);
  if (unknown) throw new NotSupportedError(`PutEvents: ${unknown}`);
  if (!isDefaultBus(entry.EventBusName)) throw new NotSupportedError('PutEvents: other event buses than default');
};

const parsedDetail = ({ Detail }: Entry): Readonly<Record<string, unknown>> | undefined => {
  try {
    const detail = JSON.parse(String(Detail)) as unknown;
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

const eventOf = (entry: Entry): BusEvent => ({
  source: String(entry.Source),
  'detail-type': String(entry.DetailType),
  resources: resourcesOf(entry),
  detail: parsedDetail(entry) ?? {},
  ...(typeof entry.Time === 'number' ? { time: isoSeconds(entry.Time * 1000) } : {}),
});

/** Times of events carry no fraction of a second. */
export const isoSeconds = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
