import type { Log } from '../common/log.ts';
import type { Fault } from '../faults/fault.ts';
import type { Warehouse } from '../redshift-data/warehouses.ts';

export interface EventLoss {
  /** The part of all events that never comes, from 0 to 1. */
  readonly lost: number;
  /**
   * Decides, with the seed of the stage, which ones.
   *
   * @default 0
   */
  readonly seed?: number;
}

export interface LocalStageOptions {
  /**
   * Port of the endpoint, on 127.0.0.1.
   *
   * @default any free one
   */
  readonly port?: number;
  /**
   * URL of a PostgreSQL to use, as a superuser.
   *
   * @default one is started, and removed when the stage closes
   */
  readonly postgres?: string;
  /**
   * Warehouses that exist beside those of the template.
   *
   * @default none; if the template has none either, every name exists
   */
  readonly warehouses?: readonly Warehouse[];
  /**
   * Completion events of the Redshift Data API that never come, as AWS promises best effort only: the fault `event-loss-SEED`.
   *
   * @default every event comes, but those that scripts or faults hold back
   */
  readonly eventLoss?: EventLoss;
  /**
   * Invocations that all functions together may have at a time, as an account's quota: more are throttled. Those that wait for a sandbox
   * count too.
   *
   * @default no limit but those of the functions themselves
   */
  readonly accountConcurrency?: number;
  /**
   * Whether the Redshift Data API throttles calls beyond AWS's rates.
   *
   * @default false
   */
  readonly limitCallRates?: boolean;
  /**
   * What is to go wrong from the start.
   *
   * @default nothing
   */
  readonly faults?: readonly Fault[];
  /**
   * Decides all that faults leave to chance: with the same seed the same matches are hit.
   *
   * @default 1
   */
  readonly seed?: number;
  /** @default nothing is logged */
  readonly log?: Log;
  /** Gives up the deployment when aborted: it rejects with the signal's reason, when all that was started has ended. */
  readonly signal?: AbortSignal;
}
