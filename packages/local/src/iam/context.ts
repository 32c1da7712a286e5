/** The condition keys of one request, names in lower case: IAM knows no upper and lower case in them. */
export type RequestContext = ReadonlyMap<string, string | readonly string[]>;

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Later sources win. */
export const requestContext = (...sources: readonly (Values | undefined)[]): RequestContext => {
  const context = new Map<string, string | readonly string[]>();
  for (const source of sources) {
    for (const [key, value] of Object.entries(source ?? {})) {
      if (value !== undefined) context.set(key.toLowerCase(), value);
    }
  }
  return context;
};
