import type { TrackingItem } from '@sfn-redshift/shared';

/** The error's name that a statement's task is told, as its request wants it: by the state, or by what the text proves. */
export const errorNameOf = async (
  { errors }: TrackingItem,
  state: 'FAILED' | 'ABORTED',
  errorText: string | undefined,
): Promise<string> => {
  if (errors !== 'cause' || errorText === undefined) return state;
  // Loaded when first needed: most statements succeed.
  const { errorNameByCause } = await import('@sfn-redshift/shared/error-causes');
  return errorNameByCause(state, errorText);
};
