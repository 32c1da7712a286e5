import type { Outcome } from './outcome.ts';

/** Statements that the workflow starts; each is told to its task once. */
export const STATEMENTS = 8;

export interface Counts {
  readonly statements: number;
  readonly callbacks: number;
}

/** What must hold after the demo; each that does not is returned as a sentence. */
export const brokenExpectations = ({ airports, failure, abort }: Outcome, counts: Counts): string[] => {
  const [first, second] = airports;
  const expectations: readonly (readonly [holds: boolean, sentence: string])[] = [
    [airports.length === 10, `ten airports are read; there are ${airports.length}`],
    [first?.iata === 'ATL' && first.departures === 414_513, `ATL leads with 414,513; it is ${shown(first)}`],
    [second?.iata === 'ORD' && second.departures === 350_380, `ORD follows with 350,380; it is ${shown(second)}`],
    [failure.error === 'UndefinedObject', `the wrong statement is caught as UndefinedObject; it was ${failure.error}`],
    [
      failure.message.includes('column "departure" does not exist'),
      `Redshift's message is shown; it was ${JSON.stringify(failure.message)}`,
    ],
    [abort.error === 'ABORTED', `the cancelled statement is caught as ABORTED; it was ${abort.error}`],
    [counts.statements === STATEMENTS, `${STATEMENTS} statements are started; there were ${counts.statements}`],
    [counts.callbacks === STATEMENTS, `${STATEMENTS} callbacks are made; there were ${counts.callbacks}`],
  ];
  return expectations.filter(([holds]) => !holds).map(([, sentence]) => sentence);
};

const shown = (airport: Outcome['airports'][number] | undefined): string =>
  airport ? `${airport.iata} with ${airport.departures.toLocaleString('en-US')}` : 'nobody';
