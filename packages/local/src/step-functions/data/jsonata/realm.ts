import type { HostFunctions } from './host-functions.ts';
import type { Evaluated } from './protocol.ts';

/*
 * What runs in the expressions' own realm. Only the texts of these functions get there: they may use what they are given
 * and the language, nothing of this module.
 */

export interface RealmGlobals {
  jsonata: (expression: string) => Compiled;
  Date: DateConstructor;
  String: StringConstructor;
  window?: unknown;
}

interface Compiled {
  evaluate(input: undefined, variables: unknown): Promise<unknown>;
  registerFunction(name: string, implementation: unknown, signature: string): void;
  assign(name: string, value: undefined): void;
}

export interface RealmFunction {
  readonly name: string;
  readonly signature: string;
  readonly implementation: unknown;
}

/** Texts in, texts out. */
export interface Evaluator {
  setVariables(json: string): void;
  evaluate(expression: string): Promise<Evaluated>;
}

/** Gives the realm the clock of the stage, and what JSONata expects of a browser. */
export const setUpGlobals = (globals: RealmGlobals, host: HostFunctions): ((epochMs: number) => void) => {
  const { Date: RealDate } = globals;
  let now = 0;
  globals.Date = class extends RealDate {
    constructor(...given: unknown[]) {
      super(...((given.length > 0 ? given : [now]) as [number]));
    }
    static override now(): number {
      return now;
    }
  } as DateConstructor;
  globals.window = { btoa: (text: string) => host.btoa(text), atob: (text: string) => host.atob(text) };
  return (epochMs) => {
    now = epochMs;
  };
};

/** V8 ends the whole process over an array that is too long, which splitting a text can make in one go. */
export const limitSplit = ({ String: { prototype } }: RealmGlobals): void => {
  const LONGEST_TEXT = 2 ** 26;
  const split = Reflect.get(prototype, 'split') as (this: string, ...given: unknown[]) => string[];
  prototype.split = function (this: string, ...given: unknown[]) {
    if (this.length > LONGEST_TEXT) throw new RangeError('The text is too long to be split');
    return split.apply(this, given);
  };
};

/** Compiles each expression once. */
export const makeCompiler = (
  { jsonata }: RealmGlobals,
  functions: readonly RealmFunction[],
): ((expression: string) => Compiled) => {
  const MOST_COMPILED = 500;
  const compiled = new Map<string, Compiled>();
  return (expression) => {
    const known = compiled.get(expression);
    if (known) return known;
    const made = jsonata(expression);
    made.assign('eval', undefined);
    for (const { name, implementation, signature } of functions) made.registerFunction(name, implementation, signature);
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(expression, made);
    return made;
  };
};

export const makeEvaluator = (compile: (expression: string) => Compiled): Evaluator => {
  /** Characters; no payload may be nearly as large. */
  const LARGEST_JSON = 2 ** 24;
  let variables: unknown = {};
  const notData = new Error('not data');

  /** JSONata's functions are objects, too, and its numbers may be infinite. */
  const onlyData = (_name: string, value: unknown): unknown => {
    const marks = value as { _jsonata_lambda?: boolean; _jsonata_function?: boolean } | null;
    const isFunction = typeof value === 'function' || marks?._jsonata_lambda || marks?._jsonata_function;
    if (isFunction || (typeof value === 'number' && !Number.isFinite(value))) throw notData;
    return value;
  };

  const explain = (thrown: unknown): Evaluated => {
    if (thrown === notData) return { problem: 'unsupported' };
    const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
    const text = String(message ?? thrown);
    return { problem: 'thrown', message: typeof code === 'string' ? `${code}: ${text}` : text };
  };

  return {
    setVariables: (json) => {
      variables = JSON.parse(json);
    },
    evaluate: async (expression) => {
      try {
        const value = await compile(expression).evaluate(undefined, variables);
        if (value === undefined) return { problem: 'undefined' };
        const json = JSON.stringify(value, onlyData);
        return json.length > LARGEST_JSON ? { problem: 'memory' } : { json };
      } catch (thrown) {
        return explain(thrown);
      }
    },
  };
};
