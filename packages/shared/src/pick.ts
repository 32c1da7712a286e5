type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Those of the named members that are there. */
export const pick = <T extends object, K extends keyof T>(source: T, names: readonly K[]): Present<Pick<T, K>> =>
  Object.fromEntries(names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]]))) as Present<
    Pick<T, K>
  >;
