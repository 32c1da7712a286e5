import type { TrackingItem, TrackingKey } from '@sfn-redshift/shared';
import type { OrphanTable } from '../../src/orphan-table.ts';
import type { Closing, StatementTable } from '../../src/statement-table.ts';

/** The tracking table in memory, with the conditions of the real one; statement-table.test.ts and orphan-table.test.ts hold both to the same. */
export class MemoryTable implements StatementTable, OrphanTable {
  readonly #items = new Map<string, TrackingItem>();
  readonly #calls: string[];
  /** Called before the nth close: what another party does meanwhile. */
  beforeClose: () => void = () => undefined;
  beforeRead: () => void = () => undefined;
  beforeMark: () => void = () => undefined;

  constructor(calls: string[]) {
    this.#calls = calls;
  }

  seed(item: TrackingItem): void {
    this.#items.set(keyText(item), structuredClone(item));
  }

  /** All that is stored, past the record of calls. */
  all(): TrackingItem[] {
    return structuredClone([...this.#items.values()]);
  }

  remove(key: TrackingKey): void {
    this.#items.delete(keyText(key));
  }

  /** What is stored, past the record of calls. */
  stored(key: TrackingKey): TrackingItem | undefined {
    return structuredClone(this.#items.get(keyText(key)));
  }

  async read(key: TrackingKey): Promise<TrackingItem | undefined> {
    this.#calls.push('GetItem');
    this.beforeRead();
    return await Promise.resolve(this.stored(key));
  }

  async *openItems(owner: string) {
    this.#calls.push('Query');
    const open = [...this.#items.values()].filter((item) => item.owner === owner && item.status !== 'closed');
    yield* await Promise.resolve(structuredClone(open.sort((one, other) => other.startedAt - one.startedAt)));
  }

  async markCancelling(item: TrackingItem, cancelCause?: string): Promise<boolean> {
    return await this.#note(item, { status: 'cancelling', ...(cancelCause && { cancelCause }) });
  }

  async noteGone(item: TrackingItem, goneSince: number): Promise<boolean> {
    return await this.#note(item, { goneSince });
  }

  async noteGivenUp(item: TrackingItem, givenUp: string): Promise<boolean> {
    return await this.#note(item, { givenUp });
  }

  async #note(item: TrackingItem, noted: Partial<TrackingItem>): Promise<boolean> {
    this.#calls.push('UpdateItem');
    this.beforeMark();
    const standing = this.stored(item);
    if (standing?.generation !== item.generation || standing.status === 'closed') return await Promise.resolve(false);
    this.seed({ ...standing, ...noted });
    return true;
  }

  async close(item: TrackingItem, closing: Closing): Promise<boolean> {
    this.#calls.push('UpdateItem');
    this.beforeClose();
    const standing = this.stored(item);
    const correctable = closing.delivered && standing?.outcome === closing.outcome && standing.delivered === false;
    if (standing?.generation !== item.generation || (standing.status === 'closed' && !correctable)) {
      return await Promise.resolve(false);
    }
    const { delivered, statementId, ...others } = closing;
    this.seed({
      ...standing,
      status: 'closed',
      ...others,
      ...(delivered !== undefined && { delivered }),
      ...(statementId !== undefined && { statementId }),
    });
    return true;
  }
}

const keyText = ({ owner, invocationKey }: TrackingKey): string => JSON.stringify([owner, invocationKey]);
