import { mutated } from '@sfn-redshift/fuzz';
import fc from 'fast-check';
import { decodeTrackingItem, encodeTrackingItem, MalformedMessage } from '../../src/index.ts';
import { trackingItem } from '../helpers/arbitraries.ts';
import { CANARIES } from '../helpers/canaries.ts';
import { mustEqual, resultOrRefusal } from './verdicts.ts';

const withCanary = trackingItem.map((item) => ({
  ...item,
  callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
}));

/** An item is malformed, or read; what was read is read again from what it is written as. */
export const items = fc.property(mutated(fc.oneof(trackingItem, withCanary)), (given) => {
  const item = resultOrRefusal(() => decodeTrackingItem(given), MalformedMessage);
  if (item) mustEqual(item, decodeTrackingItem(encodeTrackingItem(item)));
});
