/** `npm run build`: builds all projects, unless that has been done already. Ends with what it started on a signal. */
import { build } from './lib/build.mjs';

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(name, () => ending.abort(new Error(`ended by ${name}`)));

try {
  await build({ signal: ending.signal });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
