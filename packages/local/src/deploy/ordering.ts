/** Some things need each other, so none of them can come first. */
export class CycleError extends Error {
  override readonly name = 'CycleError';

  constructor(cycle: readonly string[]) {
    super(`circular dependency: ${cycle.join(' -> ')}`);
  }
}

/**
 * The keys of `needs` so that each comes after what it needs, otherwise in the order given; needs outside the map are left out.
 *
 * @throws CycleError
 */
export const inOrder = (needs: ReadonlyMap<string, ReadonlySet<string>>): string[] => {
  const done = new Set<string>();
  const visit = (key: string, trail: readonly string[]): void => {
    if (done.has(key)) return;
    if (trail.includes(key)) throw new CycleError([...trail.slice(trail.indexOf(key)), key]);
    for (const need of needs.get(key) ?? []) if (needs.has(need)) visit(need, [...trail, key]);
    done.add(key);
  };
  for (const key of needs.keys()) visit(key, []);
  return [...done];
};
