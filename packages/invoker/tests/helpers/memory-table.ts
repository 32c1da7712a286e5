import type { TrackingItem, TrackingKey } from '@sfn-redshift/shared';
import type { StatementFilter } from '../../src/owner-items.ts';
import type { StatementTable } from '../../src/statement-table.ts';
import type { Written } from '../../src/table-access.ts';

/** The tracking table in memory, with the conditions of the real one; statement-table.test.ts holds both to the same. */
export class MemoryTable implements StatementTable {
  readonly #items = new Map<string, TrackingItem>();

  get items(): readonly TrackingItem[] {
    return structuredClone([...this.#items.values()]);
  }

  /** The one item of a test. */
  get only(): TrackingItem {
    const [item, ...others] = this.items;
    if (!item || others.length > 0) throw new Error(`the table holds ${this.items.length} items, not one`);
    return item;
  }

  seed(item: TrackingItem): void {
    this.#items.set(keyText(item), structuredClone(item));
  }

  /** What another party has written meanwhile. */
  change(changes: Partial<TrackingItem>): void {
    this.seed({ ...this.only, ...changes });
  }

  remove(key: TrackingKey): void {
    this.#items.delete(keyText(key));
  }

  claim(item: TrackingItem): Promise<Written> {
    return this.#write(item, (standing) => standing === undefined, item);
  }

  claimAgain(item: TrackingItem): Promise<Written> {
    const withoutStart = (standing?: TrackingItem) =>
      standing?.status === 'closed' &&
      (standing.outcome === 'REFUSED' || standing.adopts !== undefined) &&
      standing.generation === item.generation - 1;
    return this.#write(item, withoutStart, item);
  }

  read({ owner, invocationKey }: TrackingKey): Promise<TrackingItem | undefined> {
    return Promise.resolve(structuredClone(this.#items.get(keyText({ owner, invocationKey }))));
  }

  takeOver(standing: TrackingItem, next: TrackingItem): Promise<Written> {
    return this.#write(standing, standsAs(standing), next);
  }

  markCancelling(item: TrackingItem): Promise<Written> {
    return this.#update(item, standsAs(item), { status: 'cancelling' });
  }

  attemptChain({ owner, targetId, attempt, workHash }: TrackingItem): Promise<readonly TrackingItem[]> {
    const { state, enteredTime } = attempt ?? {};
    const chain = this.items
      .filter((item) => item.owner === owner && item.targetId === targetId && item.workHash === workHash)
      .filter((item) => item.attempt?.state === state && item.attempt?.enteredTime === enteredTime)
      .sort((one, other) => other.startedAt - one.startedAt);
    return Promise.resolve(chain);
  }

  moveDeadline(claim: TrackingItem, startDeadline: number): Promise<Written> {
    return this.#update(claim, isHeld(claim), { startDeadline });
  }

  noteStatement(claim: TrackingItem, statementId: string, _signal: AbortSignal): Promise<Written> {
    const condition = (standing?: TrackingItem) =>
      standing?.generation === claim.generation && standing.status === 'starting';
    const { session } = claim;
    return this.#update(claim, condition, { statementId, status: 'submitted', ...(session && { session }) });
  }

  closeRefused(claim: TrackingItem, closedAt: number): Promise<Written> {
    const closed = { status: 'closed', outcome: 'REFUSED', delivered: false, closedAt } as const;
    return this.#update(claim, isHeld(claim), closed);
  }

  closeFinished(item: TrackingItem, closedAt: number): Promise<Written> {
    const closed = { status: 'closed', outcome: 'FINISHED', delivered: false, closedAt } as const;
    return this.#update(item, standsAs(item), closed);
  }

  itemsOf(owner: string): Promise<readonly TrackingItem[]> {
    const found = this.items.filter((item) => item.owner === owner);
    return Promise.resolve(found.sort((one, other) => other.startedAt - one.startedAt));
  }

  async *newestStatements(owner: string, { targetId, state }: StatementFilter) {
    const found = this.items
      .filter((item) => item.owner === owner && item.targetId === targetId && item.statementId !== undefined)
      .filter(({ attempt }) => state === undefined || attempt?.state === state)
      .sort((one, other) => other.startedAt - one.startedAt);
    yield* await Promise.resolve(found);
  }

  #update(key: TrackingKey, condition: Condition, changes: Partial<TrackingItem>): Promise<Written> {
    return this.#write(key, condition, { ...this.#items.get(keyText(key)), ...changes } as TrackingItem);
  }

  #write(key: TrackingKey, condition: Condition, next: TrackingItem): Promise<Written> {
    const standing = this.#items.get(keyText(key));
    if (!condition(standing)) return Promise.resolve({ done: false, standing: structuredClone(standing) });
    this.#items.set(keyText(key), structuredClone(next));
    return Promise.resolve({ done: true });
  }
}

type Condition = (standing: TrackingItem | undefined) => boolean;

const isHeld =
  (claim: TrackingItem): Condition =>
  (standing) =>
    standing?.generation === claim.generation &&
    standing.status === 'starting' &&
    standing.statementId === undefined &&
    standing.startDeadline === claim.startDeadline;

const standsAs = (item: TrackingItem): Condition => {
  if (item.status === 'starting' && item.statementId === undefined) return isHeld(item);
  return (standing) =>
    standing?.generation === item.generation &&
    standing.status === item.status &&
    (item.status !== 'closed' || standing.delivered === item.delivered);
};

const keyText = ({ owner, invocationKey }: TrackingKey): string => JSON.stringify([owner, invocationKey]);
