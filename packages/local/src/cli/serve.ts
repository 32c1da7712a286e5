import { stderrLog } from '../common/log.ts';
import { LocalStage } from '../stage.ts';
import type { ServeArguments } from './arguments.ts';
import { fingerprintOf, followAssembly } from './follow-assembly.ts';
import { type End, type Leave, untilAsked } from './until-asked.ts';

/** Those who end programs for others often kill after ten seconds. */
const TEARDOWN_MS = 8000;

/**
 * Deploys and serves a cloud assembly, until it is asked to end; follows the assembly when that changes.
 *
 * @param announce given the line that says how to reach the stage, once it is ready and after each update
 * @throws whatever keeps the stage from being deployed
 */
export const serve = ({ app, ...options }: ServeArguments, announce: (line: string) => Promise<void>): Promise<End> => {
  const deployed = fingerprintOf(app);
  return untilAsked<LocalStage>({
    start: (common) => LocalStage.deploy(app, { ...options, ...common }),
    serve: async (stage, common) => {
      await announce(announcement(stage));
      followAssembly(stage, app, deployed, { ...common, onUpdate: () => announce(announcement(stage)) });
    },
    close,
  });
};

/** What custom resources made may outlive the stage, so they get to undo it; all else ends with the stage anyway. */
const close = async (stage: LocalStage, { isOrderly, hurry }: Leave): Promise<void> => {
  const teardown = isOrderly && stage.hasCustomResources;
  try {
    await stage.close({ teardown, signal: AbortSignal.any([hurry, AbortSignal.timeout(TEARDOWN_MS)]) });
  } catch (error) {
    if (!teardown) throw error;
    stderrLog().warn('not everything could be deleted', {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
};

const announcement = ({ endpoint, region, accountId, postgres, stacks }: LocalStage): string => {
  const known = Object.entries(stacks).map(([name, { outputs, resources }]) => [name, { outputs, resources }]);
  return JSON.stringify({ endpoint, region, accountId, postgres, stacks: Object.fromEntries(known) as unknown });
};
