/** A request of a small service that hangs is given up while the function still has time to repeat it; milliseconds. */
export const CLIENT_TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
