/**
 * The ids of the messages that a function reports as failed; `'all'` when its answer cannot be believed, and the whole batch has to come back:
 * what is no JSON object, or an entry without an id, or one with an id that is not of this batch.
 */
export const failedItems = (payload: string, messageIds: ReadonlySet<string>): ReadonlySet<string> | 'all' => {
  const response = JSON.parse(payload) as unknown;
  if (response === null) return new Set();
  if (typeof response !== 'object' || Array.isArray(response)) return 'all';
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: unknown) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  return ids.every((id): id is string => typeof id === 'string' && messageIds.has(id)) ? new Set(ids) : 'all';
};
