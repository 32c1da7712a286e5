import { parseArgs } from 'node:util';

/** A flag that takes a whole number, not below `least`; `usual` where it is not given. */
interface NumberFlag {
  readonly least: number;
  readonly usual: number;
}

/** The flags' values, or what is wrong with them: the flag, and what it was given. */
export type Numbers<Name extends string> = { readonly values: Record<Name, number> } | { readonly problem: string };

/** Reads a command line of whole numbers. */
export const wholeNumbers = <Name extends string>(
  args: readonly string[],
  flags: Readonly<Record<Name, NumberFlag>>,
): Numbers<Name> => {
  try {
    const names = Object.keys(flags) as Name[];
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const given = parseArgs({ args: [...args], options }).values;
    const values = names.map((name) => [name, numberOf(name, given[name], flags[name])]);
    return { values: Object.fromEntries(values) as Record<Name, number> };
  } catch (error) {
    return { problem: (error as Error).message };
  }
};

const numberOf = (name: string, given: unknown, { least, usual }: NumberFlag): number => {
  if (given === undefined) return usual;
  const value = given === '' ? Number.NaN : Number(given);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number, at least ${least}; received ${JSON.stringify(given)}`);
};
