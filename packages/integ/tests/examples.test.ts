import aslValidator from 'asl-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExampleStage } from './helpers/example-stage.ts';
import { LANGUAGES, type Language, readExample } from './helpers/examples.ts';

const elt = readExample('nightly-elt');
const EXAMPLES = [elt];

let stage: ExampleStage;

beforeAll(async () => {
  stage = await ExampleStage.deploy(EXAMPLES);
});

afterAll(() => stage?.close());

/** What comes of an example in each language, which must be the same. */
const inBoth = async <T>(play: (language: Language) => Promise<T>): Promise<T> => {
  const [byPath, byJsonata] = [await play('JSONPath'), await play('JSONata')];
  expect(byJsonata).toEqual(byPath);
  return byPath;
};

const CASES = EXAMPLES.flatMap((example) => LANGUAGES.map((language) => ({ page: example.page, language, example })));

describe('the examples', () => {
  it.each(CASES)('have a definition that the validator passes: $page in $language', async ({ example, language }) => {
    const definition = await stage.definition(example, language);

    expect(aslValidator(definition, { checkPaths: true, checkArn: true }).errors).toEqual([]);
  });
});

describe('nightly-elt', () => {
  const night = async (language: Language, files: Readonly<Record<string, string>>) => {
    for (const [key, text] of Object.entries(files)) await stage.put(elt, language, key, text);
    return stage.run(elt, language);
  };

  it('merges what the export has left into each table', async () => {
    const output = await inBoth(async (language) => {
      await stage.make(elt, "insert into customers values (1, 'Ada', 'Ulm')", 'insert into orders values (7, 1, 9.50)');
      const told = await night(language, {
        'customers/0.csv': 'customer_id,name,city\n1,Ada,Bonn\n2,Bob,Kiel\n',
        'orders/0.csv': 'order_id,customer_id,amount\n8,2,3.25\n9,1,1\n',
      });
      const customers = await stage.rows('select customer_id, name, city from customers order by 1');
      return { told, customers, orders: await stage.rows('select order_id, amount from orders order by 1') };
    });

    expect(output).toEqual({
      told: [
        { table: 'orders', rows: 2 },
        { table: 'customers', rows: 2 },
      ],
      customers: [
        [1, 'Ada', 'Bonn'],
        [2, 'Bob', 'Kiel'],
      ],
      orders: [
        [7, '9.50'],
        [8, '3.25'],
        [9, '1.00'],
      ],
    });
  });

  it('notes what is wrong with a table, and goes on with the others', async () => {
    const output = await inBoth(async (language) => {
      await stage.make(elt);
      const told = await night(language, {
        'customers/0.csv': 'customer_id,name,city\n1,Ada,Bonn\n',
        'orders/0.csv': 'order_id,customer_id,amount\n8,2,many\n',
      });
      return { told, errors: await stage.rows('select table_name, error, len(cause) > 0 from elt_errors') };
    });

    expect(output).toEqual({
      told: [
        { table: 'orders', error: 'DataError' },
        { table: 'customers', rows: 1 },
      ],
      errors: [['orders', 'DataError', true]],
    });
  });
});
