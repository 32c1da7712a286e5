import type { Clock } from '../common/clock.ts';
import type { EventFault, MessageFault } from './fault.ts';
import type { FaultEntry } from './fault-entry.ts';
import type { FaultOn, Faults } from './faults.ts';
import { type Go, type HoldingBay, holdingBay } from './holding-bay.ts';

type TransitFault = EventFault | MessageFault;

/** What has become of something that has met the faults. */
export type TransitOutcome = 'dropped' | 'duplicated' | 'delayed' | 'held';

/** How something is to go on. */
export interface Passage {
  /** How often it goes on at once; 0 when it does later, or never. */
  readonly times: number;
  readonly outcome?: TransitOutcome;
  /** Id of the fault that it has met. */
  readonly fault?: string;
  /** To be called when it has gone on: others may wait for that. */
  readonly passed: () => void;
}

/** Keeps things on their way for the faults that delay, reorder, drop or duplicate them. */
export class Transits {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #bays = new WeakMap<FaultEntry, HoldingBay>();

  constructor({ faults, clock }: { readonly faults: Faults; readonly clock: Clock }) {
    this.#faults = faults;
    this.#clock = clock;
    faults.onRemove((entry) => this.#bays.get(entry)?.release());
  }

  /** @param go what lets it go on later; at once the caller does that */
  meet<On extends TransitFault['on']>(on: On, isMatch: (fault: FaultOn<On>) => boolean, go: Go): Passage {
    const { hit, matching } = this.#faults.meet(on, isMatch, (entry) => this.#bayOf(entry)?.isFree !== false);
    const passed = () => {
      for (const entry of matching) this.#bays.get(entry)?.passed();
    };
    return hit ? { ...this.#apply(hit, go), fault: hit.id, passed } : { times: 1, passed };
  }

  #apply(entry: FaultEntry<TransitFault>, go: Go): { readonly times: number; readonly outcome: TransitOutcome } {
    const { fault } = entry;
    switch (fault.do) {
      case 'drop':
        return { times: 0, outcome: 'dropped' };
      case 'duplicate':
        return { times: 1 + (fault.copies ?? 1), outcome: 'duplicated' };
      case 'delay':
        this.#clock.after(fault.delayMs ?? 0, () => void go());
        return { times: 0, outcome: 'delayed' };
      case 'reorder':
        this.#bayOf(entry)?.hold(go);
        return { times: 0, outcome: 'held' };
    }
  }

  /** Only faults that reorder have one. */
  #bayOf(entry: FaultEntry<TransitFault>): HoldingBay | undefined {
    if (entry.fault.do !== 'reorder') return undefined;
    const known = this.#bays.get(entry);
    if (known) return known;
    const bay = holdingBay(entry.fault, { clock: this.#clock, seed: this.#faults.seed, id: entry.id });
    this.#bays.set(entry, bay);
    return bay;
  }
}
