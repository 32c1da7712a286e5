import { AwsError } from '../common/aws-error.ts';

/** Path and query of a request, as received: `URL` would resolve dots, which are letters in an S3 key. */
export const splitUrl = (url: string): { path: string; query: URLSearchParams } => {
  const [path = '/', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
};

/** @throws AwsError `InvalidURI` for broken percent signs */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
};
