import { describe, expect, it } from 'vitest';
import { CompletionEvents } from '../../../src/redshift-data/completion-events.ts';
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

describe('Completion events', () => {
  it('come for every statement that ends', () => {
    const spy = new EventSpy();
    const events = new CompletionEvents(spy);
    for (const statement of ended(['one', 'two'])) events.tell(statement);
    expect(spy.events.map(({ detail }) => detail.statementName)).toEqual(['one', 'two']);
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
