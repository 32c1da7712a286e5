/** Clocks of the invoker and ours may differ by as much, roughly; seconds. */
export const CLOCK_MARGIN_SECONDS = 1;
