import type { Construct } from 'constructs';

/** What AWS Lambda accepts; IAM, EventBridge and KMS accept more. */
const LONGEST = 256;

/** IAM refuses what lies beyond Latin-1. */
const OTHER_SCRIPTS = /[^\u0020-\u007E\u00A1-\u00FF]/gu;

/** What a resource is for, after the path of its tasker, of which the end tells most. */
export const describe = (scope: Construct, purpose: string): string => {
  const path = scope.node.path.replace(OTHER_SCRIPTS, '?');
  return `${path.slice(-(LONGEST - purpose.length - 2))}: ${purpose}`;
};
