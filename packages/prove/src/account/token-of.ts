import type { TrackingItem } from '@sfn-redshift/shared';

/** The token, or the id of the callback, by which somebody waits; undefined where nobody does. */
export const tokenOf = ({ callback }: Pick<TrackingItem, 'callback'>): string | undefined => {
  if (callback.type === 'stepFunctions') return callback.taskToken;
  return callback.type === 'durableFunction' ? callback.callbackId : undefined;
};
