/** A message is to be looked at again in a while. */
export interface Wait {
  readonly type: 'wait';
  readonly seconds: number;
}

/** What has become of a message: nothing more is to be done, or it is to be looked at again. */
export type Settlement = { readonly type: 'done' } | Wait;

export const DONE: Settlement = { type: 'done' };
