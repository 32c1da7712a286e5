/** Far more than any field needs, and far less than a stack takes: checks, texts and JSON follow levels by calling themselves. */
export const MAX_LEVELS = 100;

/** Looks no deeper than that itself. */
export const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)));
