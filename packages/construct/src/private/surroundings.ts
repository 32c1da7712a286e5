import type { Queues } from './completion-queue';
import type { Network } from './network';
import type { Storage } from './storage';

/** What the functions of a tasker work with. */
export interface Surroundings {
  readonly storage: Storage;
  readonly queues: Queues;
  readonly network: Network;
}
