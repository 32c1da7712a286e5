/** What has become of a message: nothing more is to be done, or it is to be looked at again in a while. */
export type Settlement = { readonly type: 'done' } | { readonly type: 'wait'; readonly seconds: number };

export const DONE: Settlement = { type: 'done' };
