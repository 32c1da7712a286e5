import type { StageResource } from '../gateway/stage-paths.ts';
import { queryOf } from './query.ts';
import type { Recorded, RecordLog, Span } from './record-log.ts';

/**
 * A record over HTTP: GET asks it, DELETE forgets what it holds.
 *
 * @param options.name of the list in the answer
 * @param options.filters the fields of a filter that are texts, as parameters of the query
 * @param options.show a record as others may see it; as it is by default
 */
export const recordsResource = <T extends Recorded, Filter extends Span>(
  log: RecordLog<T, Filter>,
  options: {
    readonly name: string;
    readonly filters: readonly (keyof Filter & string)[];
    readonly show?: (record: T) => unknown;
  },
): StageResource => ({
  GET: (request) => {
    const { name, filters, show = (record) => record } = options;
    return { [name]: log.find(queryOf(request, filters) as Filter).map(show), latestId: log.latestId };
  },
  DELETE: () => log.clear(),
});
