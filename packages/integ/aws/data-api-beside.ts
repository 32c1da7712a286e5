import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { type BusEvent, RedshiftStage } from '@sfn-redshift/local';
import { reasonOf } from '../runner/play-scenarios.ts';
import type { Run } from '../runner/stage.ts';

/** The Redshift Data API of our own beside an endpoint that has none. */
export interface DataApiBeside {
  readonly url: string;
  /** Shows the statements of all. */
  readonly client: RedshiftDataClient;
  close(): Promise<void>;
}

/**
 * Starts it (what `sfn-redshift-local redshift` serves), and brings its completion events to the default bus of the other endpoint. AWS itself
 * takes no events of `aws.` sources from users; where the other does not either, the sweep has to find what has ended.
 */
export const startDataApi = async (endpoint: string, say: Run['say'], signal: AbortSignal): Promise<DataApiBeside> => {
  const bus = new EventBridgeClient({ endpoint });
  let isSaid = false;
  const onEvent = (event: BusEvent) =>
    void putEvent(bus, event).catch((error: unknown) => {
      if (!isSaid) say(`Completion events are not taken: the sweep has to find what has ended (${reasonOf(error)})`);
      isSaid = true;
    });
  const stage = await RedshiftStage.start({ onEvent, signal });
  const { endpoint: url, region } = stage;
  const client = new RedshiftDataClient({ endpoint: url, region, credentials: ANYBODY });
  return {
    url,
    client,
    close: async () => {
      client.destroy();
      bus.destroy();
      await stage.close();
    },
  };
};

const ANYBODY = { accessKeyId: 'integ', secretAccessKey: 'any' };

const putEvent = async (bus: EventBridgeClient, event: BusEvent): Promise<void> => {
  const entry = {
    Source: event.source,
    DetailType: event['detail-type'],
    Resources: [...event.resources],
    Detail: JSON.stringify(event.detail),
    ...(event.time !== undefined && { Time: new Date(event.time) }),
  };
  const { Entries: [result] = [] } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
  if (result?.ErrorCode !== undefined) throw new Error(`${result.ErrorCode}: ${result.ErrorMessage}`);
};
