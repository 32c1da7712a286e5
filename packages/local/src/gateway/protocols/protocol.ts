import { AwsError } from '../../common/aws-error.ts';
import type { ApiCall, RawRequest, RawResponse, ServiceName } from '../../common/service.ts';

/** What a request asks for. */
export type Demand = Pick<ApiCall, 'service' | 'operation' | 'input'> & { readonly http: RawRequest };

/** A request as the router hands it to its protocol. */
export interface Addressed {
  readonly service: ServiceName;
  readonly request: RawRequest;
}

/** One AWS wire protocol: how calls, outputs and errors are written in it. */
export interface Protocol {
  /** @throws AwsError for what cannot be read, or is no operation */
  parse(addressed: Addressed): Demand;
  output(demand: Demand, output: unknown, requestId: string): RawResponse;
  /** `service` is undefined when the stage serves none of that name. */
  error(
    refused: Partial<Addressed> & { readonly request: RawRequest },
    error: AwsError,
    requestId: string,
  ): RawResponse;
}

export const response = (
  status: number,
  headers: Record<string, string | undefined>,
  body: string | Buffer,
): RawResponse => {
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const present = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  return {
    status,
    headers: { ...Object.fromEntries(present), 'content-length': String(content.length) },
    body: content,
  };
};

/** @throws AwsError `SerializationException` unless the body is empty or a JSON object */
export const parseJsonObject = (body: Buffer): Readonly<Record<string, unknown>> => {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new AwsError('SerializationException', 'The request body must be a JSON object.');
};

/** JSON in which a bigint stays the exact number it is. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value ?? {}, (_key, item: unknown) => (typeof item === 'bigint' ? JSON.rawJSON(String(item)) : item));
