import type { ResourceCallback } from './callback.ts';

/**
 * A response URL of CloudFormation's, in any partition: a bucket of its own name, in one of the ways in which S3 is spelt.
 * Nobody else's: what is answered names the account's stack, and a URL that was made up must not lead elsewhere.
 */
const RESPONSE_URL =
  /^https:\/\/cloudformation-custom-resource-response-[a-z0-9]+\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?\/[^\s#]*$/;

export const isResponseUrl = (url: string): boolean => RESPONSE_URL.test(url);

/** When the URL was signed, to the second: `20261126T080000Z`. AWS's own form, but not documented for these URLs. */
const signedAtOf = ({ responseUrl }: ResourceCallback): string | undefined =>
  /[?&]X-Amz-Date=(\d{8}T\d{6}Z)(?:&|$)/.exec(responseUrl)?.[1];

/**
 * Whether CloudFormation has made a request after another one of the same resource, as far as the URLs tell. Within one
 * second only a Create is certain to come first.
 */
export const isLaterRequest = (request: ResourceCallback, other: ResourceCallback): boolean => {
  const [one, two] = [signedAtOf(request), signedAtOf(other)];
  if (one === undefined || two === undefined) return false;
  if (one === two) return other.requestType === 'Create' && request.requestType !== 'Create';
  return one > two;
};
