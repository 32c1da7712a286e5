import { build } from './build.mjs';

const REACTION = new URL('../../packages/integ/tests/helpers/reaction.ts', import.meta.url).href;

/** What `docs/guarantees.md` says of time. On AWS, delivery by EventBridge and SQS comes on top. */
const LINES = [
  { what: 'ms from a statement that ends to the call that tells its task', of: 'endToAnswer', aim: '' },
  { what: 'ms from an execution that is stopped to the call that cancels', of: 'stopToCancel', aim: '≤ 10000' },
  { what: 'runs of the sweep until an end is told whose event was lost', of: 'sweepsToAnswer', aim: '≤ 2' },
];

/** What the tasker takes to react, on the local stage. */
export const benchReaction = async (runs) => {
  await build({ projects: ['@sfn-redshift/local', 'sfn-redshift-tasker'] });
  const { measureReactions } = await import(REACTION);
  const figures = await measureReactions(runs);
  console.table(
    LINES.map(({ what, of, aim }) => {
      const sorted = figures[of].toSorted((one, other) => one - other);
      return {
        [`Reactions, ${runs} of each`]: what,
        median: sorted[Math.floor(runs / 2)],
        longest: sorted.at(-1),
        aim,
      };
    }),
  );
};
