import type { Caller } from '../../common/service.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type Input, requiredString } from '../input.ts';
import type { LongPolling } from '../long-polling.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { StatementRunner } from '../statement-runner.ts';
import type { StatementStore } from '../statement-store.ts';
import type { TargetDeps } from '../target.ts';

export interface ActionDeps extends TargetDeps {
  readonly store: StatementStore;
  readonly runner: StatementRunner;
  readonly catalog: Catalog;
  readonly polling: LongPolling;
  readonly sessions: SessionStore;
}

/**
 * One API operation: answers with the output in the API's shape, or throws an AwsError. When `signal` aborts, nobody waits
 * for the answer any more.
 */
export type Action = (input: Input, caller: Caller, deps: ActionDeps, signal?: AbortSignal) => Output | Promise<Output>;
export type Output = Readonly<Record<string, unknown>>;

const STATEMENT_ID = { pattern: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/ };

export const statementIdOf = (input: Input): string => requiredString(input, 'Id', STATEMENT_ID);

/** Timestamps are epoch seconds on the wire, with milliseconds. */
export const timestamp = (epochMs: number): number => epochMs / 1000;
