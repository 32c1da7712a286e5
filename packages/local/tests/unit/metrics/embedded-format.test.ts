import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from '../../../src/metrics/embedded-format.ts';

const NOW = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;

const DIRECTIVE = {
  Namespace: 'App',
  Dimensions: [['service'], ['service', 'kind']],
  Metrics: [{ Name: 'Done', Unit: 'Count' }, { Name: 'Took' }],
};
const LINE = { service: 's', kind: 'k', Done: 1, Took: [5, 7], note: 'x' };

const line = ({ directive = {}, metadata = {}, members = {} }: Readonly<Record<string, object>>) =>
  JSON.stringify({
    _aws: { Timestamp: NOW, CloudWatchMetrics: [{ ...DIRECTIVE, ...directive }], ...metadata },
    ...LINE,
    ...members,
  });

describe('embeddedMetrics', () => {
  it('finds each value of each metric, under every set of dimensions', () => {
    // Prepare
    const common = {
      namespace: 'App',
      time: NOW,
      dimensions: [{ service: 's' }, { service: 's', kind: 'k' }],
    };

    // Act
    const metrics = embeddedMetrics(`${line({})}\n`, NOW);

    // Assess
    expect(metrics).toEqual([
      { ...common, name: 'Done', unit: 'Count', value: 1 },
      { ...common, name: 'Took', unit: 'None', value: 5 },
      { ...common, name: 'Took', unit: 'None', value: 7 },
    ]);
  });

  it.each([
    ['no dimensions at all', { directive: { Dimensions: [[]] } }],
    ['high resolution', { directive: { Metrics: [{ Name: 'Done', StorageResolution: 1 }, { Name: 'Took' }] } }],
    ['a time two hours ahead', { metadata: { Timestamp: NOW + 2 * HOUR } }],
    ['a time two weeks ago', { metadata: { Timestamp: NOW - 14 * 24 * HOUR } }],
    ['a unit per second', { directive: { Metrics: [{ Name: 'Done', Unit: 'Kilobytes/Second' }, { Name: 'Took' }] } }],
  ])('takes %s', (_case, parts) => {
    expect(embeddedMetrics(line(parts), NOW)).toHaveLength(3);
  });

  it('has no values of a metric whose list is empty', () => {
    expect(embeddedMetrics(line({ members: { Took: [] } }), NOW)).toHaveLength(1);
  });

  it.each([
    ['text before it', `INFO ${line({})}`],
    ['text after it', `${line({})} done`],
    ['no metadata', JSON.stringify({ Done: 1, text: '"_aws"' })],
    ['metadata that are no object', JSON.stringify({ _aws: [] })],
    ['no time', line({ metadata: { Timestamp: null as never } })],
    ['a time as text', line({ metadata: { Timestamp: '2026-11-26T00:00:00Z' as never } })],
    ['a time long ago', line({ metadata: { Timestamp: (NOW - 15 * 24 * HOUR) as never } })],
    ['a time far ahead', line({ metadata: { Timestamp: (NOW + 3 * HOUR) as never } })],
    ['directives that are no list', line({ metadata: { CloudWatchMetrics: {} } })],
    ['a directive that is no object', line({ metadata: { CloudWatchMetrics: [1] } })],
    ['an empty namespace', line({ directive: { Namespace: '' } })],
    ['no dimensions member', line({ directive: { Dimensions: null as never } })],
    ['a dimension that the line does not have', line({ directive: { Dimensions: [['service'], ['other']] } })],
    ['a dimension that is no text', line({ members: { kind: 1 as never } })],
    ['an empty dimension', line({ members: { kind: '' as never } })],
    ['more than 30 dimensions in a set', line({ directive: { Dimensions: [Array<string>(31).fill('service')] } })],
    ['a metric that the line does not have', line({ directive: { Metrics: [{ Name: 'Other' }] } })],
    ['a metric that is no number', line({ members: { Done: 'one' as never } })],
    ['a list with what is no number', line({ members: { Took: [1, 'two'] } })],
    ['more than 100 values', line({ members: { Took: Array<number>(101).fill(1) } })],
    ['more than 100 metrics', line({ directive: { Metrics: Array<object>(101).fill({ Name: 'Done' }) } })],
    ['a metric without a name', line({ directive: { Metrics: [{ Unit: 'Count' }] } })],
    ['an unknown unit', line({ directive: { Metrics: [{ Name: 'Done', Unit: 'Pieces' }] } })],
    ['an unknown resolution', line({ directive: { Metrics: [{ Name: 'Done', StorageResolution: 5 }] } })],
    [
      'one good and one bad directive',
      line({ metadata: { CloudWatchMetrics: [DIRECTIVE, { ...DIRECTIVE, Namespace: 1 }] } }),
    ],
  ])('takes nothing of a line with %s', (_case, text) => {
    expect(embeddedMetrics(text, NOW)).toEqual([]);
  });
});
