import { names, type TrackingItem } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';

/** Invariant 7: the stack was updated while it was open, or its row is of another version than the completer. */
export const wasStranded = ({ startedAt, contractVersion }: TrackingItem, until: number, { world }: Account): boolean =>
  contractVersion !== names.CONTRACT_VERSION || world.deployments.wasUpdated(startedAt, until);
