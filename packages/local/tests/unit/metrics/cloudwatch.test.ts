import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudWatch } from '../../../src/metrics/cloudwatch/cloudwatch.ts';
import { Metrics } from '../../../src/metrics/metrics.ts';
import { addRole, sessionOf, startGateway, type TestGateway } from '../../helpers/gateway.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 26, 12);
const span = { StartTime: new Date(START), EndTime: new Date(START + 10 * MINUTE) };

let stage: TestGateway;
let metrics: Metrics;
let client: CloudWatchClient;
beforeEach(async () => {
  stage = await startGateway();
  metrics = new Metrics();
  stage.gateway.register(new CloudWatch({ metrics }));
  client = new CloudWatchClient(stage.client());
  const datum = { namespace: 'App', name: 'Took', unit: 'Milliseconds', dimensions: [{ service: 's' }, {}] };
  for (const [minute, value] of [
    [0, 10],
    [0, 30],
    [2, 5],
    [12, 99],
  ] as const)
    metrics.add({ ...datum, value, time: START + minute * MINUTE + 7000 });
  metrics.add({
    ...datum,
    name: 'Done',
    unit: 'Count',
    value: 1,
    time: START,
    dimensions: [{ service: 't', kind: 'k' }],
  });
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const query = (Stat: string, more: Partial<MetricDataQuery['MetricStat']> = {}): MetricDataQuery => ({
  Id: 'm1',
  MetricStat: {
    Metric: { Namespace: 'App', MetricName: 'Took', Dimensions: [{ Name: 'service', Value: 's' }] },
    Period: 60,
    Stat,
    ...more,
  },
});
const data = (...MetricDataQueries: MetricDataQuery[]) =>
  client.send(new GetMetricDataCommand({ MetricDataQueries, ...span, ScanBy: 'TimestampAscending' }));

describe('GetMetricData', () => {
  it('has one value for each period in which something was published', async () => {
    // Act
    const { MetricDataResults } = await data(query('Sum'));

    // Assess
    expect(MetricDataResults).toEqual([
      {
        Id: 'm1',
        Label: 'Took',
        Timestamps: [new Date(START), new Date(START + 2 * MINUTE)],
        Values: [40, 5],
        StatusCode: 'Complete',
      },
    ]);
  });

  it.each([
    ['SampleCount', [2, 1]],
    ['Average', [20, 5]],
    ['Minimum', [10, 5]],
    ['Maximum', [30, 5]],
    ['p50', [20, 5]],
    ['p100', [30, 5]],
  ])('knows the statistic %s', async (Stat, values) => {
    expect((await data(query(Stat))).MetricDataResults?.[0]?.Values).toEqual(values);
  });

  it('comes newest first, as AWS does, where nothing else is asked for', async () => {
    const command = new GetMetricDataCommand({ MetricDataQueries: [query('Sum')], ...span });
    expect((await client.send(command)).MetricDataResults?.[0]?.Values).toEqual([5, 40]);
  });

  it('finds metrics by all of their dimensions only, and by their unit', async () => {
    // Prepare
    const others = [
      query('Sum', { Metric: { Namespace: 'App', MetricName: 'Took' } }),
      query('Sum', { Metric: { Namespace: 'App', MetricName: 'Done', Dimensions: [{ Name: 'service', Value: 't' }] } }),
      query('Sum', { Unit: 'Count' }),
      query('Sum', { Period: 300 }),
    ];

    // Act
    const { MetricDataResults = [] } = await data(...others.map((other, index) => ({ ...other, Id: `m${index}` })));

    // Assess
    expect(MetricDataResults.map(({ Values }) => Values)).toEqual([[40, 5], [], [], [45]]);
  });

  it.each([
    ['expressions', { Id: 'e', Expression: 'm1 * 2' }, 'NotImplemented'],
    ['statistics that it does not know', query('tm90'), 'NotImplemented'],
    ['odd periods', query('Sum', { Period: 61 }), 'InvalidParameterValueException'],
    ['a metric without a name', query('Sum', { Metric: { Namespace: 'App' } }), 'MissingRequiredParameterException'],
  ])('refuses %s', async (_case, bad, name) => {
    expect(await data(bad).catch((error: unknown) => error)).toMatchObject({ name });
  });

  it('needs the permission', async () => {
    // Prepare
    const weak = new CloudWatchClient(stage.client(sessionOf(stage, addRole(stage, 'weak'))));

    // Act
    const error = await weak.send(new ListMetricsCommand({})).catch((reason: unknown) => reason);
    weak.destroy();

    // Assess
    expect(error).toMatchObject({ message: expect.stringContaining('cloudwatch:ListMetrics on resource: *') });
  });
});

describe('GetMetricStatistics', () => {
  const ask = (more: object) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'App',
        MetricName: 'Took',
        Dimensions: [{ Name: 'service', Value: 's' }],
        Period: 300,
        ...span,
        ...more,
      }),
    );

  it('has several statistics for each period', async () => {
    expect(await ask({ Statistics: ['Sum', 'Maximum'] })).toMatchObject({
      Label: 'Took',
      Datapoints: [{ Timestamp: new Date(START), Sum: 45, Maximum: 30, Unit: 'Milliseconds' }],
    });
  });

  it('has percentiles', async () => {
    expect((await ask({ ExtendedStatistics: ['p50'] })).Datapoints?.[0]?.ExtendedStatistics).toEqual({ p50: 10 });
  });

  it.each([
    ['no statistics', {}],
    ['more datapoints than AWS answers with', { Statistics: ['Sum'], Period: 60, StartTime: new Date(START - 864e5) }],
  ])('refuses %s', async (_case, more) => {
    expect(await ask(more).catch((error: unknown) => error)).toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('ListMetrics', () => {
  it('lists what was published, by namespace, name and dimensions', async () => {
    // Act
    const all = await client.send(new ListMetricsCommand({}));
    const some = await client.send(new ListMetricsCommand({ Namespace: 'App', Dimensions: [{ Name: 'service' }] }));
    const one = await client.send(new ListMetricsCommand({ Dimensions: [{ Name: 'kind', Value: 'k' }] }));
    const none = await client.send(new ListMetricsCommand({ Namespace: 'Other' }));

    // Assess
    expect([all, some, one, none].map(({ Metrics: found = [] }) => found.length)).toEqual([3, 2, 1, 0]);
    expect(one.Metrics).toEqual([
      {
        Namespace: 'App',
        MetricName: 'Done',
        Dimensions: [
          { Name: 'service', Value: 't' },
          { Name: 'kind', Value: 'k' },
        ],
      },
    ]);
  });

  it('comes in pages', async () => {
    // Prepare
    for (let index = 0; index < 600; index++)
      metrics.add({ namespace: 'Many', name: `m${index}`, unit: 'None', value: 1, time: START, dimensions: [{}] });

    // Act
    const first = await client.send(new ListMetricsCommand({ Namespace: 'Many' }));
    const second = await client.send(new ListMetricsCommand({ Namespace: 'Many', NextToken: first.NextToken }));

    // Assess
    expect([first, second].map(({ Metrics: found = [] }) => found.length)).toEqual([500, 100]);
    expect(second.NextToken).toBeUndefined();
  });
});
