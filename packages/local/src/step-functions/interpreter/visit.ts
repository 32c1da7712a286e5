import type { Json, JsonObject } from '../data/json.ts';
import type { Catcher, ChoiceRule, State } from '../definition/states.ts';
import type { Flow } from './flow.ts';

/** What a state hands on; without `next` its line of states ends. */
export interface Outcome {
  readonly output: Json;
  readonly next: string | undefined;
  /** Variables that are set when the state is left. */
  readonly assigned?: JsonObject;
}

/** Where a field stands that is not the state's own, and what may stand in it. */
export interface FieldOptions {
  /** The field that holds it, such as `ItemReader/ReaderConfig`. */
  readonly in?: string;
  /** The smallest number allowed. @default 1 */
  readonly least?: number;
  /** The largest number allowed; any by default. */
  readonly most?: number;
  /** What is said of a number that is out of these bounds, where AWS has words of its own. */
  readonly outOfBounds?: string;
  /** May the number have a fraction? @default false */
  readonly fraction?: boolean;
}

/** Is it a number of the kind that the field holds, be it within its bounds or not? */
export const isNumber = (value: Json | undefined, { fraction = false }: FieldOptions): value is number =>
  typeof value === 'number' && (fraction || Number.isInteger(value));

export const isWithin = (value: number, { least = 1, most = Number.POSITIVE_INFINITY }: FieldOptions): boolean =>
  value >= least && value <= most;

/** Until when a Wait state waits: for some seconds, or until an epoch time in milliseconds. */
export type Delay = { readonly seconds: number } | { readonly untilMs: number };

/** What Catch tells about an error. */
export interface ErrorOutput extends JsonObject {
  readonly Error: string | null;
  readonly Cause: string | null;
}

export interface Entry<S extends State = State> {
  readonly name: string;
  readonly state: S;
  readonly flow: Flow;
  /** As the state was entered with it. */
  readonly input: Json;
  /** Id of the event that notes the entry. */
  readonly enteredEventId: number;
  /** ISO 8601. */
  readonly enteredTime: string;
}

/**
 * A state being run, from its entry, through its retries, to its exit. It reads the state's fields in the state's query
 * language, so that nobody else has to know which that is.
 *
 * Every method may reject with a RuntimeProblem (JSONPath: `States.Runtime`, for what leads nowhere), or with a StateError:
 * `States.QueryEvaluationError` (JSONata), `States.IntrinsicFailure`, `States.ResultPathMatchFailure`.
 */
export abstract class Visit<S extends State = State> implements Entry<S> {
  readonly name: string;
  readonly state: S;
  readonly flow: Flow;
  readonly input: Json;
  readonly enteredEventId: number;
  readonly enteredTime: string;
  retryCount = 0;
  readonly #moreContext: JsonObject;

  constructor(entry: Entry<S>, moreContext: JsonObject = {}) {
    this.name = entry.name;
    this.state = entry.state;
    this.flow = entry.flow;
    this.input = entry.input;
    this.enteredEventId = entry.enteredEventId;
    this.enteredTime = entry.enteredTime;
    this.#moreContext = moreContext;
  }

  /** The context object. */
  get context(): JsonObject {
    const { flow, name, enteredTime, retryCount } = this;
    return {
      ...flow.frame.context,
      State: { EnteredTime: enteredTime, Name: name, RetryCount: retryCount },
      ...this.#moreContext,
    };
  }

  /** The same visit with more in its context object, such as `{ Task: { Token } }` or `{ Map: { Item } }`. */
  within(more: JsonObject): Visit<S> {
    const visit = this.copy({ ...this.#moreContext, ...more });
    visit.retryCount = this.retryCount;
    return visit;
  }

  /** A cause as AWS words it. */
  protected explain(problem: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.enteredEventId}). ${problem}`;
  }

  /** @throws StateError `States.DataLimitExceeded` */
  protected assigning(values: JsonObject): Pick<Outcome, 'assigned'> {
    this.flow.variables.check(values, this.name);
    return { assigned: values };
  }

  protected abstract copy(moreContext: JsonObject): Visit<S>;

  /** What the state works on: `InputPath` and `Parameters`, or `Arguments`. */
  abstract arguments(): Promise<Json>;

  /** The value of a field that is a template, such as `ItemSelector` or `Credentials`; undefined when the state has none. */
  abstract template(field: string, options?: FieldOptions): Promise<Json | undefined>;

  /** The value of a whole number's field, such as `TimeoutSeconds` (in JSONPath also of `TimeoutSecondsPath`); undefined when the state has none. */
  abstract number(field: string, options?: FieldOptions): Promise<number | undefined>;

  /** The value of a text's field, such as `Error` (in JSONPath also of `ErrorPath`); undefined when the state has none. */
  abstract text(field: string): Promise<string | undefined>;

  /**
   * What a Map state iterates over: `ItemsPath`, `Items`, or the input.
   *
   * @param orObject may it be an object, of which each member is an item?
   */
  abstract items(orObject?: boolean): Promise<readonly Json[] | JsonObject>;

  /** What a Pass state makes by itself; undefined when it only passes its input on. */
  abstract result(): Promise<Json | undefined>;

  /** What a Wait state waits for. */
  abstract delay(): Promise<Delay>;

  /** The first rule of a Choice state that holds. */
  abstract choose(rules: readonly ChoiceRule[]): Promise<ChoiceRule | undefined>;

  /**
   * What the state hands on when its work has succeeded: `ResultSelector`, `ResultPath`, `OutputPath`, or `Output`; and `Assign`.
   *
   * @param result of the work; undefined for states without work, which pass their input on
   */
  abstract succeed(result: Json | undefined, next: string | undefined): Promise<Outcome>;

  /** What a Choice state hands on by a rule. */
  abstract chosen(rule: ChoiceRule | undefined, next: string): Promise<Outcome>;

  /** What the state hands on when a catcher takes its error. */
  abstract caught(catcher: Catcher, error: ErrorOutput): Promise<Outcome>;
}
