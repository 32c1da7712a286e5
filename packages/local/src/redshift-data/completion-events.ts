import { createHash } from 'node:crypto';
import type { EventSink } from '../common/ports.ts';
import { completionEvent } from './completion-event.ts';
import type { Statement } from './statement.ts';

/** AWS delivers completion events by best effort only; a test may want some of them lost. */
export interface EventLoss {
  /** The part of all events that never comes, from 0 to 1. */
  readonly lost: number;
  /**
   * Decides which ones: the same for the same names and SQL, whatever the order in which statements end.
   *
   * @default 0
   */
  readonly seed?: number;
}

/** Tells of ended statements whoever wants to know. */
export class CompletionEvents {
  readonly #sink: EventSink;
  readonly #loss: EventLoss;
  readonly #lost = new WeakSet<Statement>();
  readonly #seen = new Map<string, number>();

  /** @throws RangeError when `lost` is no part */
  constructor(sink: EventSink, loss: EventLoss = { lost: 0 }) {
    if (!(loss.lost >= 0 && loss.lost <= 1)) throw new RangeError(`lost must be from 0 to 1, got ${loss.lost}`);
    this.#sink = sink;
    this.#loss = loss;
  }

  /** This statement's event will not come. */
  lose(statement: Statement): void {
    this.#lost.add(statement);
  }

  /** To be called when a statement has ended that asked for an event. */
  tell(statement: Statement): void {
    if (this.#lost.has(statement) || this.#isLost(statement)) return;
    this.#sink.put(completionEvent(statement));
  }

  #isLost({ submission: { name = '', sqls } }: Statement): boolean {
    const { lost, seed = 0 } = this.#loss;
    if (lost <= 0) return false;
    const label = createHash('sha256')
      .update(JSON.stringify([seed, name, ...sqls]))
      .digest('hex');
    const repetition = this.#seen.get(label) ?? 0;
    this.#seen.set(label, repetition + 1);
    const draw = createHash('sha256').update(`${label}/${repetition}`).digest().readUInt32BE() / 2 ** 32;
    return draw < lost;
  }
}
