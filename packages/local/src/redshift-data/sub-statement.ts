import { LifeCycle } from './life-cycle.ts';

/** One SQL text of a batch. */
export class SubStatement extends LifeCycle {
  /** The batch's id, a colon, and its number from 1. */
  readonly id: string;
  readonly sql: string;

  constructor(id: string, sql: string, now: () => number) {
    super(now);
    this.id = id;
    this.sql = sql;
  }

  started(): void {
    this.start();
  }
}
