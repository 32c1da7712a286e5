import { describe, expect, it } from 'vitest';
import { CompletionEvents, type EventLoss } from '../../../src/redshift-data/completion-events.ts';
import { Statement } from '../../../src/redshift-data/statement.ts';
import { EventSpy } from '../../helpers/redshift.ts';

const target = {
  warehouse: { kind: 'cluster', name: 'c1' },
  arn: 'arn',
  database: 'dev',
  user: 'etl',
  echo: {},
} as const;
const common = {
  parameters: [],
  target,
  withEvent: true,
  resultFormat: 'JSON' as const,
  owner: 'o',
  principal: 'p',
  userId: 'u',
};

/** A statement of each name, ended. */
const ended = (names: readonly string[]) =>
  names.map((name) => {
    const statement = new Statement({ ...common, sqls: ['select 1'], name }, () => 0);
    statement.aborted();
    return statement;
  });

/** The names whose events came. */
const delivered = (names: readonly string[], loss?: EventLoss): string[] => {
  const spy = new EventSpy();
  const events = new CompletionEvents(spy, loss);
  for (const statement of ended(names)) events.tell(statement);
  return spy.events.map(({ detail }) => String(detail.statementName));
};

const NAMES = Array.from({ length: 1000 }, (_, i) => `statement ${i}`);

describe('Completion events', () => {
  it('all come, unless told otherwise', () => {
    expect(delivered(NAMES)).toEqual(NAMES);
  });

  it('never come when all are to be lost', () => {
    expect(delivered(NAMES, { lost: 1 })).toEqual([]);
  });

  it.each([-0.1, 1.1, Number.NaN])('cannot be lost in a part of %d', (lost) => {
    expect(() => new CompletionEvents(new EventSpy(), { lost })).toThrow(RangeError);
  });

  it('are lost in the part that was asked for', () => {
    const { length } = delivered(NAMES, { lost: 0.25, seed: 1 });
    expect(length).toBeGreaterThan(680);
    expect(length).toBeLessThan(820);
  });

  it('are lost for the same statements with the same seed, in whatever order these end', () => {
    const loss = { lost: 0.5, seed: 7 };
    expect(delivered(NAMES.toReversed(), loss).toReversed()).toEqual(delivered(NAMES, loss));
    expect(delivered(NAMES, { ...loss, seed: 8 })).not.toEqual(delivered(NAMES, loss));
  });

  it('are decided anew when a statement is repeated', () => {
    const again = Array.from({ length: 100 }, () => 'the same');
    const { length } = delivered(again, { lost: 0.5, seed: 1 });
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(again.length);
  });

  it('of a statement whose event is lost never come, those of others do', () => {
    const spy = new EventSpy();
    const events = new CompletionEvents(spy);
    const [lost, other] = ended(['lost', 'other']) as [Statement, Statement];
    events.lose(lost);
    for (const statement of [lost, other]) events.tell(statement);
    expect(spy.events.map(({ detail }) => detail.statementName)).toEqual(['other']);
  });
});
