import { AwsError } from '../common/aws-error.ts';
import type { Fault } from './fault.ts';
import { FaultEntry, type FaultHandle } from './fault-entry.ts';
import { invalid, shown } from './fields.ts';
import { readFault } from './read-fault.ts';

export type FaultOn<On extends Fault['on']> = Fault & { readonly on: On };

/** What a match has met. */
export interface Met<F extends Fault> {
  /** The fault that hits it: of those that would, the one that was given first. */
  readonly hit: FaultEntry<F> | undefined;
  /** All whose kind of match it is. */
  readonly matching: readonly FaultEntry<F>[];
}

export const DEFAULT_SEED = 1;

/** The faults that a stage has been asked for. */
export class Faults {
  /** Decides, with the id of a fault and the count of its matches, all that is left to chance. */
  readonly seed: number;
  readonly #entries = new Map<string, FaultEntry>();
  readonly #listeners = new Set<(entry: FaultEntry) => void>();
  #given = 0;

  /** @throws AwsError `ValidationException` when the seed is no whole number */
  constructor({ seed = DEFAULT_SEED }: { readonly seed?: number | undefined } = {}) {
    if (!Number.isSafeInteger(seed)) throw invalid(`seed must be a whole number; received ${shown(seed)}`);
    this.seed = seed;
  }

  /** @throws AwsError `ValidationException` naming the field that is wrong, and what was received */
  add(given: Fault): FaultHandle {
    const fault = readFault(given);
    const id = fault.id ?? this.#nextId();
    if (this.#entries.has(id)) throw invalid(`id must not be that of another fault; received ${shown(id)}`);
    const entry = new FaultEntry(fault, { id, seed: this.seed, remove: () => this.remove(id) });
    this.#entries.set(id, entry);
    return entry;
  }

  /** In the order in which they were given; those that have had all their uses too. */
  list(): readonly FaultHandle[] {
    return [...this.#entries.values()];
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(id: string): FaultHandle {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw new AwsError('ResourceNotFoundException', `There is no fault ${id}.`, { status: 404 });
  }

  /** False when there is none of that id. */
  remove(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    for (const listener of this.#listeners) listener(entry);
    return true;
  }

  /** Removes all; those to come are numbered from 1 again, so that what is tested next does not depend on what was tested before. */
  clear(): void {
    for (const id of [...this.#entries.keys()]) this.remove(id);
    this.#given = 0;
  }

  /**
   * Counts something for all faults that are for it. Each counts for itself, whatever another one does.
   *
   * @param isFree whether a fault that would hit can
   */
  meet<On extends Fault['on']>(
    on: On,
    isMatch: (fault: FaultOn<On>) => boolean,
    isFree: (entry: FaultEntry<FaultOn<On>>) => boolean = () => true,
  ): Met<FaultOn<On>> {
    const matching = ([...this.#entries.values()] as FaultEntry<FaultOn<On>>[]).filter(
      ({ fault }) => fault.on === on && isMatch(fault),
    );
    const hit = matching.filter((entry) => entry.meet()).find(isFree);
    hit?.use();
    return { hit, matching };
  }

  /** Calls `listener` when a fault is removed: what it holds back is to go on. */
  onRemove(listener: (entry: FaultEntry) => void): void {
    this.#listeners.add(listener);
  }

  #nextId(): string {
    for (;;) {
      this.#given += 1;
      const id = `fault-${this.#given}`;
      if (!this.#entries.has(id)) return id;
    }
  }
}
