import { LocalStage } from '../stage.ts';
import type { ServeArguments } from './arguments.ts';
import { type End, untilAsked } from './until-asked.ts';

/**
 * Deploys and serves a cloud assembly, until it is asked to end.
 *
 * @param announce given the line that says how to reach the stage, once it is ready
 * @throws whatever keeps the stage from being deployed
 */
export const serve = ({ app, ...options }: ServeArguments, announce: (line: string) => Promise<void>): Promise<End> =>
  untilAsked(
    (common) => LocalStage.deploy(app, { ...options, ...common }),
    ({ endpoint, region, accountId, postgres, stacks }) =>
      announce(JSON.stringify({ endpoint, region, accountId, postgres, stacks })),
  );
