import type { Scenario } from '../scenario.ts';
import { batches } from './batches.ts';
import { causes } from './causes.ts';
import { clocks } from './clocks.ts';
import { endings } from './endings.ts';
import { locks } from './locks.ts';
import { many } from './many.ts';
import { older } from './older.ts';
import { outcomes } from './outcomes.ts';
import { reading } from './reading.ts';
import { requests } from './requests.ts';
import { retries } from './retries.ts';
import { resultRows } from './rows.ts';
import { secrets } from './secrets.ts';
import { sessions } from './sessions.ts';
import { sharing } from './sharing.ts';
import { stacks } from './stacks.ts';
import { targets } from './targets.ts';
import { taskStates } from './task-states.ts';

/** Every scenario there is. */
export const SCENARIOS: readonly Scenario[] = [
  ...outcomes,
  ...causes,
  ...reading,
  ...resultRows,
  ...requests,
  ...batches,
  ...sessions,
  ...sharing,
  ...many,
  ...retries,
  ...locks,
  ...clocks,
  ...endings,
  ...older,
  ...secrets,
  ...targets,
  ...stacks,
  ...taskStates,
];
