/**
 * An answer of the SDK as JSON holds it: dates as ISO 8601, binary as base64, numbers that JSON lacks as their names (the
 * forms of the wire); without the SDK's own `$metadata`.
 */
export const jsonSafe = (answer: object): Record<string, unknown> => {
  const { $metadata: _metadata, ...rest } = answer as Record<string, unknown>;
  return safe(rest) as Record<string, unknown>;
};

const safe = (value: unknown): unknown => {
  if (value instanceof Date) return value.toJSON();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(known.map(([name, inner]) => [name, safe(inner)]));
};
