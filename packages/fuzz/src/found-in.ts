/** Those of the secrets that a text holds, as they are or as JSON writes them. */
export const foundIn = (told: string, secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => told.includes(secret) || told.includes(JSON.stringify(secret).slice(1, -1)));
