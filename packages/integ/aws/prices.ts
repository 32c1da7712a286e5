/** A list price in us-east-1, in US dollars, and where it was read. Other regions differ; none of it is a promise. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
}

export const HOURS_A_MONTH = 730;

export const PRICES = {
  key: { usd: 1, per: 'key and month', source: 'AWS KMS pricing, 2026' },
  transition: { usd: 0.025 / 1000, per: 'transition', source: 'AWS Step Functions pricing, 2026' },
  polledQueue: { usd: 0.26, per: 'queue that Lambda polls, and month', source: 'SQS pricing, March 2026; 5 pollers' },
  metric: { usd: 0.3, per: 'metric and month', source: 'AWS CloudWatch pricing, February 2026' },
  serverlessUnit: {
    usd: 0.5,
    per: 'RPU and hour of use',
    source: 'awsnegotiations.com, May 2026: 0.36 to 0.50 by region',
  },
  clusterNode: {
    usd: 0.543,
    per: 'ra3.large node and hour',
    source: "AWS's price list as remembered, not read again: see aws.amazon.com/redshift/pricing",
  },
  secret: { usd: 0.4, per: 'secret and month', source: "AWS's price list as remembered, not read again" },
} as const satisfies Readonly<Record<string, Price>>;
