import { describe, expect, it } from 'vitest';
import type { Case } from './case.ts';
import { LANGUAGES, loadCases } from './load-cases.ts';

const casesOf = async (language: (typeof LANGUAGES)[number]) =>
  (await loadCases(language)).flatMap((topic) => topic.cases);

const [jsonpath = [], jsonata = [], mixed = []] = await Promise.all(LANGUAGES.map(casesOf));
const all: readonly Case[] = [...jsonpath, ...jsonata, ...mixed];

describe('The conformance suite', () => {
  it(`has ${jsonpath.length} cases in JSONPath, ${jsonata.length} in JSONata and ${mixed.length} in both: at least 200, 90 in each`, () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(jsonpath.length).toBeGreaterThanOrEqual(90);
    expect(jsonata.length).toBeGreaterThanOrEqual(90);
  });

  it('names the source of each case', () => {
    const sourced = /^(?:Amazon States Language|Developer Guide|API Reference), ".+"|^history recorded on AWS, .+/;

    expect(all.filter(({ source }) => !sourced.test(source)).map(({ name }) => name)).toEqual([]);
  });

  it('says everything once', () => {
    const said = all.map(({ name, machine, input }) => JSON.stringify({ name, machine, input }));

    expect(said.filter((text, index) => said.indexOf(text) !== index)).toEqual([]);
  });
});
