/** What comes before what, by logical id. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>;

/** The same in the other direction: what needs a thing comes before it. */
export const reversed = (needs: Needs): Needs => {
  const dependents = new Map([...needs.keys()].reverse().map((id) => [id, new Set<string>()]));
  for (const [id, own] of needs) for (const need of own) dependents.get(need)?.add(id);
  return dependents;
};

/**
 * Does `work` for each id as soon as it is done for all that come before it, and not at all when it failed for one of them.
 *
 * @param needs ordered so that each id comes after those it needs; needs that are no ids themselves are left out
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
  for (const [id, own] of needs) ends.set(id, run(id, endsOf(own)));
  await Promise.all(ends.values());
  return errors;
};
