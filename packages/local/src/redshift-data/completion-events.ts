import type { EventSink } from '../common/ports.ts';
import { completionEvent } from './completion-event.ts';
import type { Statement } from './statement.ts';

/** Tells of ended statements whoever wants to know. */
export class CompletionEvents {
  readonly #sink: EventSink;
  readonly #lost = new WeakSet<Statement>();

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** This statement's event will not come. */
  lose(statement: Statement): void {
    this.#lost.add(statement);
  }

  /** To be called when a statement has ended that asked for an event. */
  tell(statement: Statement): void {
    if (!this.#lost.has(statement)) this.#sink.put(completionEvent(statement));
  }
}
