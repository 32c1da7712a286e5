import { expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { testDependencies } from '../helpers/dependencies.ts';
import { REQUEST } from '../helpers/requests.ts';

it.each([
  ['cause', 'cause'],
  ['state', undefined],
] as const)('an item remembers whether its errors are named by cause: %s', async (errors, kept) => {
  const dependencies = testDependencies();

  await startStatement({ ...REQUEST, errors }, { requestId: 'r', deadline: dependencies.now() + 30_000 }, dependencies);

  expect(dependencies.table.only.errors).toBe(kept);
});
