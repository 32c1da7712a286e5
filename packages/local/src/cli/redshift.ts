import { RedshiftStage } from '../redshift-stage.ts';
import type { RedshiftArguments } from './arguments.ts';
import { type End, untilAsked } from './until-asked.ts';

/**
 * Serves the Redshift Data API alone, until it is asked to end.
 *
 * @param announce given the line that says how to reach it, once it is ready
 * @throws whatever keeps it from being started
 */
export const redshift = (options: RedshiftArguments, announce: (line: string) => Promise<void>): Promise<End> =>
  untilAsked({
    start: (common) => RedshiftStage.start({ ...options, ...common }),
    serve: ({ endpoint, region, accountId, postgres }) =>
      announce(JSON.stringify({ endpoint, region, accountId, postgres })),
    close: (stage) => stage.close(),
  });
