/** A call that hangs is given up while the function still has time to repeat it; milliseconds. */
export const CLIENT_TIMEOUTS = { connectionTimeout: 1_500, requestTimeout: 5_000, throwOnRequestTimeout: true };
