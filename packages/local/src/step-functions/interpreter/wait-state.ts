import { readPath, type Scope } from '../data/path.ts';
import { parseTimestamp } from '../data/timestamp.ts';
import type { WaitState } from '../definition/states.ts';
import { RuntimeProblem } from '../errors.ts';
import { passedOn } from './simple-states.ts';
import { type Outcome, scopeOf, type Visit } from './visit.ts';

export const runWait = async (state: WaitState, visit: Visit): Promise<Outcome> => {
  const { frame, signal } = visit.flow;
  const scope = scopeOf(state, visit);
  await frame.clock.sleep(delayMs(state, scope, frame.clock.now()), signal);
  return { output: passedOn(state, visit, scope), next: state.Next };
};

const delayMs = (state: WaitState, scope: Scope, now: number): number => {
  if (state.Seconds !== undefined) return state.Seconds * 1000;
  if (state.SecondsPath !== undefined) return secondsAt(state.SecondsPath, scope) * 1000;
  if (state.Timestamp !== undefined) return untilMs(state.Timestamp, 'Timestamp', now);
  const path = state.TimestampPath ?? '$';
  return untilMs(
    readPath(path, scope),
    `TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} ==`,
    now,
  );
};

const secondsAt = (path: string, scope: Scope): number => {
  const value = readPath(path, scope);
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new RuntimeProblem(
      `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${JSON.stringify(value)}`,
    );
  if (value < 0) throw new RuntimeProblem(`The SecondsPath parameter references a negative value: ${path} == ${value}`);
  return value;
};

const untilMs = (value: unknown, what: string, now: number): number => {
  const time = parseTimestamp(value);
  if (time === undefined)
    throw new RuntimeProblem(`The ${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return time - now;
};
