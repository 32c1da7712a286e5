/** Clocks of two invocations may differ by as much, roughly. */
export const CLOCK_MARGIN_MS = 5_000;
