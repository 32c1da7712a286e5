import { resourceUuid } from '../naming.ts';
import { isObject } from '../property-values.ts';
import type { ResourceType } from '../resource.ts';

/**
 * The stage evaluates no bucket policies. One statement needs no evaluation: the refusal of plain HTTP that `enforceSSL` writes, since calls
 * to the stage count as made over TLS.
 */
export const s3BucketPolicy: ResourceType = {
  replacement: ['Bucket'],
  plan: (resource) => {
    const { properties } = resource;
    properties.requiredString('Bucket');
    const document = properties.policy('PolicyDocument', 'key');
    const others = [document.Statement].flat().filter((statement) => !refusesPlainHttp(statement));
    if (others.length > 0)
      properties.refuse('PolicyDocument', 'is supported as a refusal of plain HTTP (enforceSSL) only');
    const nothing = () => undefined;
    return { physicalId: resourceUuid(resource), attributes: {}, create: nothing, update: nothing, delete: nothing };
  },
};

const refusesPlainHttp = (statement: unknown): boolean =>
  isObject(statement) &&
  statement.Effect === 'Deny' &&
  JSON.stringify(statement.Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
