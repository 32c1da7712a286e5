import { AwsError } from '../common/aws-error.ts';
import type { StageRequest } from '../gateway/stage-paths.ts';
import type { Span } from './record-log.ts';

/** What a request gets that does not say how much it wants. */
const LIMIT = 1000;

/** The texts in a query, as far as they are known. @throws AwsError `ValidationException` for others */
export const queryOf = <Name extends string>(
  { query }: StageRequest,
  names: readonly Name[],
): Span & Partial<Record<Name, string>> => {
  const known: readonly string[] = [...names, 'after', 'limit'];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new AwsError('ValidationException', `${unknown} is no parameter here; they are ${known.join(', ')}`);
  const texts = names.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : []));
  return {
    ...(Object.fromEntries(texts) as Partial<Record<Name, string>>),
    after: numberIn(query, 'after') ?? 0,
    limit: numberIn(query, 'limit') ?? LIMIT,
  };
};

const numberIn = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AwsError(
    'ValidationException',
    `${name} must be a whole number of at least 0; received ${JSON.stringify(text)}`,
  );
};
