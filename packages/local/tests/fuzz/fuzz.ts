import fc from 'fast-check';
import { type FuzzRequest, fuzzRequest } from './requests.ts';

/** A Data API to be fuzzed. */
export interface FuzzTarget {
  readonly endpoint: string;
  /** Warnings so far; a fault of a service is one. */
  readonly logged: readonly unknown[];
}

export interface FuzzReport {
  /** How often each answer came, by its status and error. */
  readonly counts: ReadonlyMap<string, number>;
  /** What should not have been. */
  readonly failures: readonly { readonly request: FuzzRequest; readonly reason: string }[];
}

const AT_A_TIME = 8;
const PATIENCE_MS = 60_000;
/** Words of JavaScript, not of a database; and the lines of a stack trace. */
const LEAK =
  /\n\s+at |node:internal|\/src\/|\b(TypeError|RangeError|SyntaxError)\b|Cannot (read|set|destructure)|is not (a function|iterable)|call stack|Invalid regular expression|\[object Object\]/;

/** Sends `cases` requests, the same for the same seed, and waits for the end of every statement that they start. */
export const fuzzDataApi = async (
  target: FuzzTarget,
  { cases, seed }: { readonly cases: number; readonly seed: number },
): Promise<FuzzReport> => {
  const waiting = fc.sample(fuzzRequest, { numRuns: cases, seed });
  const counts = new Map<string, number>();
  const failures: { request: FuzzRequest; reason: string }[] = [];
  const work = async () => {
    for (let request = waiting.pop(); request; request = waiting.pop()) {
      const verdict = await judge(target, request).catch((error: unknown) => ({ reason: String(error) }));
      if ('reason' in verdict) failures.push({ request, reason: verdict.reason });
      else counts.set(verdict.answer, (counts.get(verdict.answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  for (const warning of target.logged)
    failures.push({ request: { operation: '?', body: '' }, reason: JSON.stringify(warning) });
  return { counts, failures };
};

type Verdict = { readonly answer: string } | { readonly reason: string };

const judge = async (target: FuzzTarget, request: FuzzRequest): Promise<Verdict> => {
  const { status, text } = await send(target, request);
  if (LEAK.test(text)) return { reason: `leaks: ${text.slice(0, 500)}` };
  const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (status !== 200) return judgeError(status, answer);
  if (!/^(Batch)?ExecuteStatement$/.test(request.operation)) return { answer: '200' };
  return await judgeStatement(target, String(answer.Id));
};

const judgeError = (status: number, answer: Record<string, unknown>): Verdict => {
  const { __type: type, Message, message = Message } = answer;
  const isAwsError = typeof type === 'string' && /^[A-Z][A-Za-z]+$/.test(type) && typeof message === 'string';
  if (!isAwsError || status < 400 || status >= 500) return { reason: `${status} ${String(type)}: ${String(message)}` };
  return { answer: `${status} ${type}` };
};

/** A statement that was taken comes to an end, and a result to be fetched. */
const judgeStatement = async (target: FuzzTarget, Id: string): Promise<Verdict> => {
  const description = await ask(target, 'DescribeStatement', { Id, WaitTimeSeconds: 30 });
  const status = String(description.Status);
  if (!/^(FINISHED|FAILED|ABORTED)$/.test(status)) {
    await send(target, { operation: 'CancelStatement', body: JSON.stringify({ Id }) });
    return { reason: `is still ${status}` };
  }
  const error = JSON.stringify([description.Error, description.SubStatements]);
  if (LEAK.test(error)) return { reason: `leaks: ${error.slice(0, 500)}` };
  if (status === 'FINISHED' && description.HasResultSet && !description.SubStatements) {
    const operation = description.ResultFormat === 'CSV' ? 'GetStatementResultV2' : 'GetStatementResult';
    await ask(target, operation, { Id });
  }
  return { answer: `200 ${status}` };
};

const ask = async (target: FuzzTarget, operation: string, input: object): Promise<Record<string, unknown>> => {
  const { status, text } = await send(target, { operation, body: JSON.stringify(input) });
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Record<string, unknown>;
};

const send = async (
  { endpoint }: FuzzTarget,
  { operation, body }: FuzzRequest,
): Promise<{ status: number; text: string }> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `RedshiftData.${operation}` },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return { status: response.status, text: await response.text() };
};
