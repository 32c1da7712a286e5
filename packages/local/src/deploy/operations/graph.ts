import { CycleError, inOrder } from '../ordering.ts';

/** What comes before what, by logical id. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>;

/** The same in the other direction: what needs a thing comes before it. */
export const reversed = (needs: Needs): Needs => {
  const dependents = new Map([...needs.keys()].map((id) => [id, new Set<string>()]));
  for (const [id, own] of needs) for (const need of own) dependents.get(need)?.add(id);
  return dependents;
};

/**
 * Does `work` for each id as soon as it is done for all that come before it, and not at all when it failed for one of them.
 *
 * @param needs those that are no ids themselves are left out
 * @returns what was thrown, in the order of time
 */
export const workThrough = async (needs: Needs, work: (id: string) => Promise<void>): Promise<readonly unknown[]> => {
  const errors: unknown[] = [];
  const ends = new Map<string, Promise<boolean>>();
  const run = async (id: string, before: readonly Promise<boolean>[]): Promise<boolean> => {
    if ((await Promise.all(before)).includes(false)) return false;
    try {
      await work(id);
      return true;
    } catch (error) {
      errors.push(error);
      return false;
    }
  };
  const endsOf = (ids: ReadonlySet<string>) => [...ids].flatMap((id) => ends.get(id) ?? []);
  for (const id of orderOf(needs)) ends.set(id, run(id, endsOf(needs.get(id) ?? new Set())));
  await Promise.all(ends.values());
  return errors;
};

/** Resources of two templates that have turned a dependency around may need each other. It has to go on all the same. */
const orderOf = (needs: Needs): readonly string[] => {
  try {
    return inOrder(needs);
  } catch (error) {
    if (error instanceof CycleError) return [...needs.keys()];
    throw error;
  }
};
