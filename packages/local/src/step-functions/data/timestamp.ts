/** RFC 3339 as the states language demands it: a capital `T`, and `Z` or an offset. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** @returns epoch milliseconds, or undefined when the text is no timestamp */
export const parseTimestamp = (text: unknown): number | undefined => {
  if (typeof text !== 'string' || !TIMESTAMP.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};
