import type { ServiceName } from '../common/service.ts';
import type { CallFilter, CallLog, CallRecord } from '../gateway/call-log.ts';
import type { StageResource } from '../gateway/stage-paths.ts';
import { queryOf } from './query.ts';

/** The record of calls over HTTP: GET asks it, DELETE forgets what it holds. */
export const callsResource = (calls: CallLog): StageResource => ({
  GET: (request) => {
    const { service, ...filter } = queryOf(request, ['service', 'operation', 'caller', 'outcome', 'fault']);
    const wanted: CallFilter = { ...filter, ...(service === undefined ? {} : { service: service as ServiceName }) };
    return { calls: calls.find(wanted).map(shownCall), latestId: calls.latestId };
  },
  DELETE: () => calls.clear(),
});

/** Session policies and permissions are told to programs only. */
const shownCall = ({ caller, needed: _needed, ...record }: CallRecord) => ({
  ...record,
  caller: caller.arn,
  ...('sourceArn' in caller && { sourceArn: caller.sourceArn }),
});
