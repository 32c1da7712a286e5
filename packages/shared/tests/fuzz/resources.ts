import { mutated } from '@sfn-redshift/fuzz';
import fc from 'fast-check';
import { InvalidRequest, parseResourceEvent, planResource, refusalCallbackOf } from '../../src/index.ts';
import { CANARIES } from '../helpers/canaries.ts';
import { PROPERTIES, resourceEvent } from '../helpers/resource-events.ts';
import { mustEqual, resultOrRefusal } from './verdicts.ts';

const properties = fc.record({
  ...Object.fromEntries(Object.entries(PROPERTIES).map(([name, value]) => [name, fc.constant(value)])),
  parameters: fc.constant({ p: CANARIES.parameterValue }),
  maxRuntimeSeconds: fc.constantFrom('60', 60, 'x'),
  lock: fc.constantFrom({ name: 'l' }, { name: 'l', mode: 'wait' }),
});

const event = mutated(
  fc
    .record({
      type: fc.constantFrom('Create' as const, 'Update' as const, 'Delete' as const),
      ResourceProperties: properties,
      OldResourceProperties: properties,
    })
    .map(({ type, ...changes }) => resourceEvent(type, changes)),
);

/** As the URL's own parser reads it, which is not ours. */
const BUCKET = /^cloudformation-custom-resource-response-\w+\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?$/;

/** An event is refused by name, at once or when it is planned, or is to be answered where it says; nobody else is told. */
export const resources = fc.property(event, (given) => {
  const parsed = resultOrRefusal(() => parseResourceEvent(given), InvalidRequest);
  if (!parsed) return;
  const plan = resultOrRefusal(() => planResource(parsed), InvalidRequest);
  const callback = plan ? plan.request.callback : refusalCallbackOf(parsed);
  mustEqual(callback.responseUrl, parsed.ResponseURL);
  const { protocol, hostname, port } = new URL(parsed.ResponseURL);
  mustEqual([protocol, port, BUCKET.test(hostname)], ['https:', '', true]);
});
