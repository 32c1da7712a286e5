import { executionArnOf } from '../../src/account/payload.ts';
import { Workflows } from '../../src/account/workflows.ts';
import type { TaskPlan } from '../../src/schedule.ts';
import { onQuietTime, PLAIN_TASK, pass, quietWorld } from './quiet-world.ts';
import { outcomeOf } from './refusal.ts';
import type { TaskCase, TaskStep, Token } from './task-cases.ts';

/** Schedules say beforehand when executions are stopped, after the state was entered, and redriven. */
const STOP_AFTER_SECONDS = 1_000;
const REDRIVE_AFTER_SECONDS = 1_000;

/** ARNs that the case does not know otherwise. */
export const ARNS = {
  unknown: 'arn:aws:states:us-east-1:123456789012:execution:nightly:never',
  malformed: 'nightly',
} as const;

/** Carries a case out in a model account of its own; what came of each step. */
export const tasksInModel = async (taskCase: TaskCase): Promise<readonly unknown[]> => {
  const plans = plansOf(taskCase);
  const world = quietWorld(plans);
  const invoke = () => Promise.resolve({ type: 'answered' } as const);
  const workflows = new Workflows(world, {
    invoke,
    newestSession: () => undefined,

    tell: () => undefined,
  });
  const outcomes: unknown[] = [];
  await onQuietTime(world.time, async () => {
    workflows.start();
    await pass(world.time, 0);
    for (const step of taskCase.steps) outcomes.push(await perform(step));
  });
  return outcomes;

  function perform(step: TaskStep): Promise<unknown> {
    switch (step.do) {
      case 'succeed':
        return outcomeOf(() => workflows.tell(tokenOf(step.token), { type: 'success', output: step.output }));
      case 'fail':
        return outcomeOf(() =>
          workflows.tell(tokenOf(step.token), { type: 'failure', error: step.error, cause: step.cause }),
        );
      case 'beat':
        return outcomeOf(() => workflows.heartbeat(tokenOf(step.token)));
      case 'describe':
        return outcomeOf(() => statusOf(workflows.describe(arnOf(step.execution))));
      case 'pass':
        return pass(world.time, step.seconds * 1000);
      case 'stop':
        return pass(world.time, stopTime() - world.time.now + 1);
      case 'redrive':
        return pass(world.time, REDRIVE_AFTER_SECONDS * 1000 + 1);
    }
  }

  function tokenOf(token: Token | 'invalid'): string {
    if (token === 'invalid') return token;
    const attempt = workflows.attempts.filter(({ index }) => index === token.task)[token.attempt];
    if (!attempt) throw new Error('the case has no such token');
    return attempt.token;
  }

  function arnOf(execution: keyof typeof ARNS | undefined): string {
    return execution ? ARNS[execution] : executionArnOf(plans[0] ?? PLAIN_TASK, 0);
  }

  function stopTime(): number {
    return Math.max(...workflows.attempts.map(({ issuedAt }) => issuedAt)) + STOP_AFTER_SECONDS * 1000;
  }
};

const statusOf = (description: object) => ({ status: (description as { status?: string }).status });

const plansOf = (taskCase: TaskCase): readonly TaskPlan[] => {
  const { siblings, timeoutSeconds = null, retries = 0, retryAfterSeconds = 0, steps } = taskCase;
  const has = (what: TaskStep['do']) => steps.some((step) => step.do === what);
  const plan = {
    ...PLAIN_TASK,
    sibling: siblings !== undefined,
    timeoutSeconds,
    retries,
    retryAfterSeconds,
    stopAfterSeconds: has('stop') ? STOP_AFTER_SECONDS : null,
    redriveAfterSeconds: has('redrive') ? REDRIVE_AFTER_SECONDS : null,
  };
  return Array.from({ length: siblings ?? 1 }, () => plan);
};
