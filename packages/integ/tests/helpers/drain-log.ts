import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { TestStage } from './test-stage.ts';

/** The lines that the drain has logged so far. */
export const drainLines = async ({ logs, outputs }: TestStage): Promise<string[]> => {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: outputs.DrainLogGroup }));
  return events.map(({ message }) => message ?? '');
};

/** How often the drain has counted a metric so far. */
export const counted = async (test: TestStage, metric: string): Promise<number> => {
  const lines = (await drainLines(test)).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
  return lines
    .flatMap((line) => Object.entries(line))
    .filter(([name]) => name === metric)
    .reduce((sum, [, value]) => sum + (Array.isArray(value) ? value.length : Number(value)), 0);
};
