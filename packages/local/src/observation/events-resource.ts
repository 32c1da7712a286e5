import type { StageResource } from '../gateway/stage-paths.ts';
import type { EventLog } from './event-log.ts';
import { queryOf } from './query.ts';

/** The record of events over HTTP: GET asks it, DELETE forgets what it holds. */
export const eventsResource = (events: EventLog): StageResource => ({
  GET: (request) => {
    const filter = queryOf(request, ['event', 'source', 'detailType', 'rule', 'target', 'outcome', 'fault']);
    return { events: events.find(filter), latestId: events.latestId };
  },
  DELETE: () => events.clear(),
});
