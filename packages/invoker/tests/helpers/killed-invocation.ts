import type { TestDependencies } from './dependencies.ts';

const REACHED = ['table', 'locks', 'dataApi', 'completions', 'starts'] as const;

class Killed extends Error {
  override readonly name = 'Killed';
}

/** The same, for one invocation that dies with its nth call, before or after that takes effect: no call of it follows. */
export const dyingAt = (
  nth: number,
  when: 'before' | 'after',
  dependencies: TestDependencies,
): { readonly dependencies: TestDependencies; readonly calls: () => number } => {
  let calls = 0;
  const mortal = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls > nth || (calls === nth && when === 'before')) throw new Killed('killed');
          const result = (await Reflect.apply(member, target, args)) as unknown;
          if (calls >= nth) throw new Killed('killed');
          return result;
        };
      },
    });
  const parts = Object.fromEntries(REACHED.map((name) => [name, mortal(dependencies[name])]));
  return { dependencies: { ...dependencies, ...parts }, calls: () => calls };
};
