import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAsCloudFormation } from '../../../src/deploy/stage-parts.ts';
import { type CustomEvent, CustomHandler, failure, success, TOKEN } from '../../helpers/custom-handler.ts';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;
let handler: CustomHandler;
/** The custom resources there are, by physical id, with their size. */
const things = new Map<string, string>();

beforeAll(async () => {
  running = await startStacks();
  handler = new CustomHandler(running.gateway);
  handler.answering = (event) => answer(event);
});

afterAll(async () => {
  await running.close();
});

/** A size of 9 cannot be had, and every second one is another thing. */
const answer = ({ RequestType, LogicalResourceId, PhysicalResourceId = '', ResourceProperties }: CustomEvent) => {
  const size = String(ResourceProperties.Size);
  if (RequestType === 'Delete') {
    things.delete(PhysicalResourceId);
    return success(PhysicalResourceId);
  }
  if (size === '9') return failure(PhysicalResourceId || `${LogicalResourceId}-none`);
  const id = `${LogicalResourceId}-${Number(size) % 2}`;
  things.set(id, size);
  return success(id, { Data: { Size: size } });
};

const NAMES = ['A', 'B', 'C', 'D'] as const;

/** What one resource is to be; each may need those before it. */
interface Wanted {
  readonly kind: 'queue' | 'thing';
  readonly size: number;
  readonly needs: readonly boolean[];
}

const wanted = (mayFail: boolean): fc.Arbitrary<Wanted | undefined> =>
  fc.option(
    fc.record({
      kind: fc.constantFrom('queue' as const, 'thing' as const),
      size: mayFail ? fc.integer({ min: 7, max: 9 }) : fc.integer({ min: 1, max: 8 }),
      needs: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    }),
    { nil: undefined },
  );

const idOf = (index: number, kind: string): string => `${NAMES[index]}${kind}`;

/** A resource whose size is 9 fails, after all others: a function that is still at work then would make what nobody gets to know of. */
const templateOf = (all: readonly (Wanted | undefined)[]) => {
  const Resources = all.flatMap((one, index) => {
    if (!one) return [];
    const { kind, size } = one;
    const DependsOn = all
      .slice(0, index)
      .flatMap((other, at) => (other && (one.needs[at] || one.size === 9) ? [idOf(at, other.kind)] : []));
    const resource =
      kind === 'queue'
        ? {
            Type: 'AWS::SQS::Queue',
            Properties: size === 9 ? { KmsMasterKeyId: 'nowhere' } : { VisibilityTimeout: size },
          }
        : { Type: 'Custom::Thing', Properties: { ServiceToken: TOKEN, Size: size } };
    return [[idOf(index, kind), { ...resource, DependsOn }]];
  });
  return { Resources: { Always: { Type: 'AWS::Logs::LogGroup' }, ...(Object.fromEntries(Resources) as object) } };
};

const call = (operation: string, input: Readonly<Record<string, unknown>> = {}) =>
  callAsCloudFormation(running.parts, 'sqs', operation, input) as Promise<Record<string, never>>;

/** What there really is, as logical id and size. */
const reality = async (): Promise<readonly string[]> => {
  const urls = ((await call('ListQueues')).QueueUrls ?? []) as readonly string[];
  const queues = urls.map(async (QueueUrl) => {
    const { Attributes = {} } = await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] });
    return `${QueueUrl.split('-')[1]} ${String((Attributes as Record<string, string>).VisibilityTimeout)}`;
  });
  const custom = [...things].map(([id, size]) => `${id.split('-')[0]} ${size}`);
  return [...(await Promise.all(queues)), ...custom].sort();
};

const expected = (all: readonly (Wanted | undefined)[]): readonly string[] =>
  all.flatMap((one, index) => (one ? [`${idOf(index, one.kind)} ${one.size}`] : [])).sort();

describe('a series of updates', () => {
  it('leaves what the last successful one wanted, and nothing else, whatever fails in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(wanted(false), wanted(false), wanted(false), wanted(true)), { maxLength: 5 }),
        async (series) => {
          things.clear();
          await running.deploy({ Stack: templateOf([]) });
          let last: readonly (Wanted | undefined)[] = [];
          for (const all of series) {
            const succeeds = all.every((one) => one?.size !== 9);
            const updated = running.deploy({ Stack: templateOf(all) });
            if (succeeds) await updated;
            else await expect(updated).rejects.toThrow();
            if (succeeds) last = all;
            expect(await reality()).toEqual(expected(last));
            expect(running.stack().status).toMatch(
              succeeds ? /^(CREATE|UPDATE)_COMPLETE$/ : /^UPDATE_ROLLBACK_COMPLETE$/,
            );
          }
          await running.stacks.delete('Stack');
          expect(await reality()).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});
