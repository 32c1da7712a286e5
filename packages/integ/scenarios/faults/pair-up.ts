import { createHash } from 'node:crypto';
import type { Scenario } from '../scenario.ts';
import type { FaultKind } from './fault-kind.ts';
import { canHappenTo } from './happenings.ts';

/** A scenario, and what has happened in it where nothing went wrong. */
export interface Played {
  readonly scenario: Scenario;
  readonly happened: ReadonlySet<string>;
}

/**
 * Gives every scenario some kinds of fault, and every kind to one scenario to which it can happen, so that no two of a scenario befall the
 * same operation if that can be. The same seed pairs the same.
 */
export const pairUp = (
  played: readonly Played[],
  kinds: readonly FaultKind[],
  seed: number,
): ReadonlyMap<Scenario, readonly FaultKind[]> => {
  const pairs = new Map<Scenario, FaultKind[]>(played.map(({ scenario }) => [scenario, []]));
  const give = (scenario: Scenario, kind: FaultKind) => pairs.get(scenario)?.push(kind);
  for (const kind of shuffled(kinds, seed)) {
    const candidates = shuffled(played, seed + kind.name.length).filter(({ scenario, happened }) =>
      canHappenTo(scenario, kind, happened),
    );
    const load = ({ scenario }: Played) => loadOf(pairs.get(scenario) ?? [], kind);
    const [first] = candidates.sort((one, other) => load(one) - load(other));
    if (first) give(first.scenario, kind);
  }
  for (const { scenario, happened } of played) {
    const kind = shuffled(kinds, seed).find((kind) => canHappenTo(scenario, kind, happened));
    if (pairs.get(scenario)?.length === 0 && kind) give(scenario, kind);
  }
  return pairs;
};

const CLASH = 100;

const loadOf = (given: readonly FaultKind[], { befalls }: FaultKind): number =>
  given.length + (given.some((other) => other.befalls === befalls) ? CLASH : 0);

const shuffled = <T extends object>(things: readonly T[], seed: number): T[] => {
  const place = (thing: T, index: number) => ({ thing, at: hash(`${seed} ${index}`) });
  return things
    .map(place)
    .sort((one, other) => (one.at < other.at ? -1 : 1))
    .map(({ thing }) => thing);
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
