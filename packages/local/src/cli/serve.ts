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
    (stage) => announce(announcement(stage)),
  );

const announcement = ({ endpoint, region, accountId, postgres, stacks }: LocalStage): string => {
  const known = Object.entries(stacks).map(([name, { outputs, resources }]) => [name, { outputs, resources }]);
  return JSON.stringify({ endpoint, region, accountId, postgres, stacks: Object.fromEntries(known) as unknown });
};
