import { NotSupportedError } from '../../common/aws-error.ts';

/** Where an S3 request points, in path style: `/bucket/key`. */
export interface S3Address {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly isCopy: boolean;
}

/** Parameters that qualify a request without making it another operation. */
const PLAIN_PARAMETERS =
  /^(x-id|x-amz-.*|response-.*|prefix|delimiter|max-keys|marker|start-after|continuation-token|encoding-type|fetch-owner|list-type|partNumber|uploadId)$/i;

type Names = Readonly<Record<string, string>>;

const SERVICE: Names = { GET: 'ListBuckets' };
const BUCKET: Names = { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket', GET: 'ListObjects' };
const OBJECT: Names = { PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject', GET: 'GetObject' };

const BUCKET_SUBRESOURCES: Names = {
  'POST delete': 'DeleteObjects',
  'GET lifecycle': 'GetBucketLifecycleConfiguration',
  'PUT lifecycle': 'PutBucketLifecycleConfiguration',
  'DELETE lifecycle': 'DeleteBucketLifecycle',
};

const OBJECT_SUBRESOURCES: Names = { 'POST uploads': 'CreateMultipartUpload', 'GET attributes': 'GetObjectAttributes' };

const MULTIPART: Names = { PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' };

/**
 * The API's name of what a request asks for. Subresources (`?acl`, `?policy`, `?versions`, …) are named one by one:
 * the library behind would answer an unknown one as if it were not there.
 *
 * @throws NotSupportedError naming the request
 */
export const s3Operation = (address: S3Address): string => {
  const { method, bucket, key, query } = address;
  const subresource = [...query.keys()].find((name) => !PLAIN_PARAMETERS.test(name));
  const operation =
    subresource === undefined
      ? plainOperation(address)
      : (key ? OBJECT_SUBRESOURCES : bucket ? BUCKET_SUBRESOURCES : {})[`${method} ${subresource}`];
  if (operation) return operation;
  const path = `/${bucket ? 'bucket' : ''}${key ? '/key' : ''}`;
  throw new NotSupportedError(
    `The S3 request ${method} ${path}${subresource ? `?${subresource}` : ''} is not supported.`,
  );
};

const plainOperation = ({ method, bucket, key, query, isCopy }: S3Address): string | undefined => {
  if (!bucket) return SERVICE[method];
  if (!key) return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : BUCKET[method];
  if (query.has('uploadId')) return isCopy && method === 'PUT' ? 'UploadPartCopy' : MULTIPART[method];
  return isCopy && method === 'PUT' ? 'CopyObject' : OBJECT[method];
};
