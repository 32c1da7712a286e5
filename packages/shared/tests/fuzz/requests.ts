import fc from 'fast-check';
import { encodeTaskRequest, InvalidRequest, parseTaskRequest } from '../../src/index.ts';
import { payload } from './payloads.ts';
import { mustEqual, resultOrRefusal } from './verdicts.ts';

/** A payload is refused by name, or read; what was read is read again from what it is written as. */
export const requests = fc.property(payload, (given) => {
  const parsed = resultOrRefusal(() => parseTaskRequest(given), InvalidRequest);
  if (!parsed) return;
  const { request } = parsed;
  mustEqual(request, parseTaskRequest(JSON.parse(JSON.stringify(encodeTaskRequest(request)))).request);
});
