import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { hostFunctions } from './host-functions.ts';
import { languageFunctions } from './language-functions.ts';
import { type Batch, type BatchResult, Progress, type WorkerData } from './protocol.ts';
import { limitSplit, makeCompiler, makeEvaluator, type RealmGlobals, setUpGlobals } from './realm.ts';

/** Evaluates batches of expressions, one after the other, in a realm that has the language and nothing of Node. */

/** Without `eval` and its like: were there a way out of JSONata, it would lead no further. */
const realm = createContext({}, { codeGeneration: { strings: false, wasm: false } });

const inRealm = <T>(work: T): T => runInContext(`(${String(work)})`, realm) as T;

const jsonata = createRequire(import.meta.url).resolve('jsonata');
runInContext(readFileSync(jsonata, 'utf8'), realm, { filename: jsonata });
const globals = runInContext('globalThis', realm) as RealmGlobals;
const setNow = inRealm(setUpGlobals)(globals, hostFunctions);
inRealm(limitSplit)(globals);
const functions = languageFunctions.map(({ make, ...rest }) => ({
  ...rest,
  implementation: inRealm(make)(hostFunctions),
}));
const evaluator = inRealm(makeEvaluator)(inRealm(makeCompiler)(globals, functions));

const progress = new Progress((workerData as WorkerData).progress);

const run = async ({ expressions, variables, now }: Batch): Promise<BatchResult> => {
  const json: string[] = [];
  setNow(now);
  evaluator.setVariables(variables);
  for (const expression of expressions) {
    progress.begin(cpuMs());
    const evaluated = await evaluator.evaluate(expression);
    if ('problem' in evaluated) return { ...evaluated, failed: json.length };
    json.push(evaluated.json);
  }
  return { json };
};

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

parentPort?.on('message', (batch: Batch) => {
  void run(batch).then((result) => {
    progress.reset();
    parentPort?.postMessage(result);
  });
});
