import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const TELEMETRY = new URL('../../src/telemetry.ts', import.meta.url).href;

/** Runs in a process of its own: Powertools reads the environment and writes to the process's output. */
const linesOf = async (script: string): Promise<Record<string, unknown>[]> => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@sfn-redshift/source',
      '--input-type=module',
      '--eval',
      `import { liveTelemetry } from '${TELEMETRY}'; const telemetry = liveTelemetry(); ${script}`,
    ],
    { env: { POWERTOOLS_SERVICE_NAME: 'drain', POWERTOOLS_METRICS_NAMESPACE: 'SfnRedshiftTasker' } },
  );
  return `${stdout}${stderr}`
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('telemetry', () => {
  it.each([
    ['info', 'INFO'],
    ['warn', 'WARN'],
    ['error', 'ERROR'],
  ])('writes %s as one line of JSON with its fields', async (method, level) => {
    expect(await linesOf(`telemetry.${method}('said', { statementId: 'd3f1', rows: 3 });`)).toMatchObject([
      { level, message: 'said', service: 'drain', statementId: 'd3f1', rows: 3 },
    ]);
  });

  it('does not carry the fields of one line into the next', async () => {
    const [, second] = await linesOf("telemetry.info('one', { messageId: 'm1' }); telemetry.info('two');");

    expect(second).toMatchObject({ message: 'two' });
    expect(second).not.toHaveProperty('messageId');
  });

  it('publishes the counts of an invocation as one metric line', async () => {
    const script =
      "telemetry.count('CallbackDelivered'); telemetry.count('CallbackDelivered'); telemetry.count('MessageRetried'); telemetry.publish();";

    const [metrics, ...others] = await linesOf(script);

    expect(others).toEqual([]);
    expect(metrics).toMatchObject({
      service: 'drain',
      CallbackDelivered: [1, 1],
      MessageRetried: 1,
      _aws: { CloudWatchMetrics: [{ Namespace: 'SfnRedshiftTasker', Dimensions: [['service']] }] },
    });
  });

  it('publishes no count twice', async () => {
    const lines = await linesOf(
      "telemetry.count('StartRefused'); telemetry.publish(); telemetry.count('NoteFailed'); telemetry.publish();",
    );

    expect(lines).toHaveLength(2);
    expect(lines[1]).not.toHaveProperty('StartRefused');
  });

  it('writes nothing where nothing was counted', async () => {
    expect(await linesOf('telemetry.publish();')).toEqual([]);
  });
});
