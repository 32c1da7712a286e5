/** Things in groups of so many, the last of what is left. */
export async function* inBatches<T>(things: AsyncIterable<T>, size: number): AsyncIterable<readonly [T, ...T[]]> {
  let batch: T[] = [];
  for await (const thing of things) {
    batch.push(thing);
    if (batch.length < size) continue;
    yield batch as [T, ...T[]];
    batch = [];
  }
  if (batch.length > 0) yield batch as [T, ...T[]];
}
