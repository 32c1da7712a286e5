import type { CallRecord } from '@sfn-redshift/local';
import type { Counts } from './expectations.ts';
import type { Airport, Outcome } from './outcome.ts';
import type { Screen } from './screen.ts';

/** How often each operation was called by the deployed parts; what the demo itself asked (as administrator) does not count. */
export const callsOf = (records: readonly CallRecord[]): Map<string, number> => {
  const calls = new Map<string, number>();
  for (const { operation, caller } of records) {
    if (caller.type !== 'administrator') calls.set(operation, (calls.get(operation) ?? 0) + 1);
  }
  return new Map([...calls].sort(([a], [b]) => a.localeCompare(b)));
};

export const countsOf = (calls: ReadonlyMap<string, number>): Counts => {
  const count = (operation: string) => calls.get(operation) ?? 0;
  return { statements: count('ExecuteStatement'), callbacks: count('SendTaskSuccess') + count('SendTaskFailure') };
};

export const printAirports = (screen: Screen, airports: readonly Airport[]): void => {
  screen.line();
  screen.line('The ten busiest airports by departures:');
  for (const { iata, name, city, departures } of airports) {
    screen.line(`  ${iata.padEnd(5)}${departures.toLocaleString('en-US').padStart(8)}  ${name}, ${city}`);
  }
};

export const printCaught = (screen: Screen, { failure, abort }: Outcome): void => {
  screen.line();
  screen.line(`Caught ${failure.error}: ${oneLine(failure.message)}`);
  screen.line(`Caught ${abort.error}: ${oneLine(abort.message)}`);
  screen.line();
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
