import { HOURS_A_MONTH, PRICES } from './prices.ts';
import type { TargetChoice } from './target-choice.ts';
import { CLUSTER_NODES, SERVERLESS_UNITS } from './warehouse-stack.ts';

export interface RunSize {
  readonly target: TargetChoice;
  readonly scenarios: number;
  /** How many of them deploy stacks. */
  readonly deploying: number;
  /** Resources that are deployed, by type. */
  readonly resources: ReadonlyMap<string, number>;
}

/** An item of the bill. */
export interface CostItem {
  readonly what: string;
  readonly usd: number;
}

export interface Estimate {
  readonly hours: number;
  readonly items: readonly CostItem[];
  readonly usd: number;
}

const DEPLOYMENT_HOURS = { 'create-cluster': 0.75, 'create-serverless': 0.6, cluster: 0.25, serverless: 0.25 } as const;
const HOURS_A_SCENARIO = 1.5 / 60;
/** They deploy some, one after the other. */
const HOURS_A_DEPLOYING_SCENARIO = 6 / 60;
const TRANSITIONS_A_SCENARIO = 40;
/** What the functions of a tasker publish. */
const METRICS_A_TASKER = 20;
const TASKERS = 2;

/** What a run is going to cost, at list prices, rather too high than too low. */
export const estimate = ({ target, scenarios, deploying, resources }: RunSize): Estimate => {
  const playing = scenarios * HOURS_A_SCENARIO + deploying * HOURS_A_DEPLOYING_SCENARIO;
  const hours = DEPLOYMENT_HOURS[target.kind] + playing;
  const months = hours / HOURS_A_MONTH;
  const count = (type: string) => resources.get(type) ?? 0;
  const items = [
    ...warehouse(target, hours),
    { what: 'KMS keys', usd: count('AWS::KMS::Key') * PRICES.key.usd * months },
    { what: 'Step Functions', usd: scenarios * TRANSITIONS_A_SCENARIO * PRICES.transition.usd },
    { what: 'queues that are polled', usd: count('AWS::Lambda::EventSourceMapping') * PRICES.polledQueue.usd * months },
    { what: 'CloudWatch metrics', usd: TASKERS * METRICS_A_TASKER * PRICES.metric.usd * months },
  ];
  return { hours, items, usd: items.reduce((sum, { usd }) => sum + usd, 0) };
};

const warehouse = ({ kind }: TargetChoice, hours: number): readonly CostItem[] => {
  if (kind === 'create-cluster')
    return [
      { what: 'Redshift cluster', usd: CLUSTER_NODES * PRICES.clusterNode.usd * hours },
      { what: 'its secret', usd: (PRICES.secret.usd * hours) / HOURS_A_MONTH },
    ];
  if (kind === 'create-serverless')
    return [{ what: 'Redshift Serverless', usd: SERVERLESS_UNITS * PRICES.serverlessUnit.usd * hours }];
  return [];
};

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

/** In words, a line each. */
export const estimateLines = ({ hours, items, usd }: Estimate, { kind }: TargetChoice): readonly string[] => [
  `Estimated cost at list prices of us-east-1, for ${hours.toFixed(1)} hours: ${dollars(usd)}`,
  ...items.map(({ what, usd }) => `  ${dollars(usd).padStart(7)}  ${what}`),
  ...(kind === 'cluster' || kind === 'serverless'
    ? [`           and what your ${WAREHOUSES[kind]} costs meanwhile`]
    : []),
];

const WAREHOUSES = { cluster: 'cluster', serverless: 'workgroup (RPU-hours of use)' } as const;
