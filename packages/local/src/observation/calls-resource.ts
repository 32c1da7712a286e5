import type { CallLog, CallRecord } from '../gateway/call-log.ts';
import type { StageResource } from '../gateway/stage-paths.ts';
import { recordsResource } from './records-resource.ts';

/** The record of calls over HTTP. */
export const callsResource = (calls: CallLog): StageResource =>
  recordsResource(calls, {
    name: 'calls',
    filters: ['service', 'operation', 'caller', 'outcome', 'fault'],
    show: shownCall,
  });

/** Session policies and permissions are told to programs only. */
const shownCall = ({ caller, needed: _needed, ...record }: CallRecord) => ({
  ...record,
  caller: caller.arn,
  ...('sourceArn' in caller && { sourceArn: caller.sourceArn }),
});
