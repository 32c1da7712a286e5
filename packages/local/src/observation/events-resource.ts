import type { StageResource } from '../gateway/stage-paths.ts';
import type { EventLog } from './event-log.ts';
import { recordsResource } from './records-resource.ts';

/** The record of events over HTTP. */
export const eventsResource = (events: EventLog): StageResource =>
  recordsResource(events, {
    name: 'events',
    filters: ['event', 'source', 'detailType', 'rule', 'target', 'outcome', 'fault'],
  });
