import aslValidator from 'asl-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExampleStage } from './helpers/example-stage.ts';
import { LANGUAGES, type Language, readExample } from './helpers/examples.ts';

const elt = readExample('nightly-elt');
const gate = readExample('data-quality-gate');
const star = readExample('star-schema');
const report = readExample('report-to-s3');
const EXAMPLES = [elt, star, gate, report];

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

/** Each text in one line: the validator takes a text of several for neither text nor expression. */
const inOneLine = (definition: string): unknown =>
  JSON.parse(definition, (_, value: unknown) => (typeof value === 'string' ? value.replaceAll('\n', ' ') : value));

const CASES = EXAMPLES.flatMap((example) => LANGUAGES.map((language) => ({ page: example.page, language, example })));

describe('the examples', () => {
  it.each(CASES)('have a definition that the validator passes: $page in $language', async ({ example, language }) => {
    const definition = await stage.definition(example, language);

    expect(aslValidator(inOneLine(definition), { checkPaths: true, checkArn: true }).errors).toEqual([]);
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

describe('data-quality-gate', () => {
  const DAY = { day: '2026-11-25' };
  const GOOD = "insert into payments_staging values (1, 10, 12.50, '2026-11-25'), (2, 11, 7, '2026-11-25')";

  const gated = (...fill: readonly string[]) =>
    inBoth(async (language) => {
      await stage.make(gate, "insert into payments values (1, 10, 12, '2026-11-25')", ...fill);
      return {
        told: await stage.run(gate, language, DAY),
        published: await stage.rows('select payment_id, amount from payments order by 1'),
        rejected: await stage.rows('select payment_id, reason from payments_rejected order by 1'),
      };
    });

  it('publishes rows that are as they should be', async () => {
    expect(await gated(GOOD)).toEqual({
      told: { published: true, rows: 2 },
      published: [
        [1, '12.50'],
        [2, '7.00'],
      ],
      rejected: [],
    });
  });

  it.each([
    {
      what: 'duplicates',
      bad: "(2, 11, 7, '2026-11-25')",
      reason: 'The noRows check of the state "NoDuplicates" failed: the statement gave 1 row, not 0.',
      sample: [{ payment_id: 2, copies: 2 }],
    },
    {
      what: 'rows of another day',
      bad: "(3, 12, 1, '2026-11-24')",
      reason: 'The noRows check of the state "AllOfTheDay" failed: the statement gave 1 row, not 0.',
      sample: [{ payment_id: 3, account_id: 12, amount: '1.00', paid_on: '2026-11-24' }],
    },
    {
      what: 'a sum that cannot be',
      bad: "(3, 12, 7000000, '2026-11-25')",
      reason: 'The value check of the state "PlausibleSum" failed: the value is "7000019.50", not at most 1000000.',
      sample: [{ total: '7000019.50' }],
    },
  ])('puts aside $what', async ({ bad, reason, sample }) => {
    const { told, published, rejected } = await gated(GOOD, `insert into payments_staging values ${bad}`);

    expect(told).toEqual({ published: false, reason, sample });
    expect(published).toEqual([[1, '12.00']]);
    expect(rejected).toHaveLength(3);
    expect(rejected[0]).toEqual([1, reason]);
  });
});

describe('report-to-s3', () => {
  it('leaves the rows in the bucket, and tells where', async () => {
    const output = await inBoth(async (language) => {
      await stage.make(
        report,
        `insert into sales values (1, 'Ulm', 10, '2026-11-01'), (2, 'Bonn', 20.50, '2026-11-30'), (3, 'Ulm', 5, '2026-11-07'),
          (4, 'Kiel', 99, '2026-12-01')`,
      );
      const { uri, ...told } = (await stage.run(report, language, { month: '2026-11-01' })) as { uri: string };
      const [, , , ...key] = uri.split('/');
      expect(key).toEqual(['revenue', expect.stringMatching(/^[0-9a-f-]{36}\.jsonl$/)]);
      return { told, lines: (await stage.get(report, language, key.join('/'))).split('\n') };
    });

    expect(output).toEqual({
      told: { rowCount: 2, columns: ['city', 'sales', 'revenue'] },
      lines: ['{"city":"Bonn","sales":1,"revenue":"20.50"}', '{"city":"Ulm","sales":2,"revenue":"15.00"}', ''],
    });
  });
});

describe('star-schema', () => {
  const RAW = `insert into sales_raw values
    (1, 'ada@a.example', 'Ada', 'S1', 'Pen', 2, 3, '2026-11-25', '2026-11-25 10:00:00'),
    (1, 'ada@a.example', 'Ada L.', 'S1', 'Pen', 3, 4.50, '2026-11-25', '2026-11-25 11:00:00'),
    (2, 'bob@a.example', 'Bob', 'S2', 'Ink', 1, 9, '2026-11-25', '2026-11-25 12:00:00'),
    (3, 'bob@a.example', 'Bob', 'S2', 'Ink', 1, 9, '2026-11-24', '2026-11-24 12:00:00')`;
  const FACTS = `select f.sale_id, c.name, p.name, f.quantity, f.amount from fact_sales f
    join dim_customer c on c.customer_key = f.customer_key join dim_product p on p.product_key = f.product_key order by 1`;

  it('loads a day into dimensions and facts, again to the same end', async () => {
    const output = await inBoth(async (language) => {
      await stage.make(star, RAW);
      const load = () => stage.run(star, language, { day: '2026-11-25' });
      return { told: [await load(), await load()], facts: await stage.rows(FACTS) };
    });

    const told = { customers: 2, products: 2, facts: 2 };
    expect(output).toEqual({
      told: [told, told],
      facts: [
        [1, 'Ada L.', 'Pen', 3, '4.50'],
        [2, 'Bob', 'Ink', 1, '9.00'],
      ],
    });
  });

  it('leaves nothing of a load that fails', async () => {
    const output = await inBoth(async (language) => {
      await stage.make(
        star,
        RAW,
        'alter table fact_sales alter column amount set not null',
        'update sales_raw set amount = null where sale_id = 2',
      );
      const { error } = (await stage.run(star, language, { day: '2026-11-25' })) as { error: string };
      return { error, customers: await stage.rows('select * from dim_customer') };
    });

    expect(output).toEqual({ error: 'DataError', customers: [] });
  });
});
