import { holds } from '../data/choice-rule.ts';
import { isList, isObject, type Json, type JsonObject, textOf } from '../data/json.ts';
import { readPath, type Scope } from '../data/path.ts';
import { fillTemplate, readExpression } from '../data/payload-template.ts';
import { placeAt } from '../data/reference-path.ts';
import { parseTimestamp } from '../data/timestamp.ts';
import type { Catcher, ChoiceRule, DataFields, State } from '../definition/states.ts';
import { RuntimeProblem } from '../errors.ts';
import { fieldsOf } from './fields.ts';
import { type Delay, type ErrorOutput, type FieldOptions, isNumber, isWithin, type Outcome, Visit } from './visit.ts';

/** Reads a state whose query language is JSONPath. */
export class JsonPathVisit<S extends State = State> extends Visit<S> {
  protected override copy(moreContext: JsonObject): JsonPathVisit<S> {
    return new JsonPathVisit(this, moreContext);
  }

  override arguments(): Promise<Json> {
    return this.#promise(() => this.#effectiveInput());
  }

  override template(field: string, { in: holder }: FieldOptions = {}): Promise<Json | undefined> {
    return this.#promise(() => {
      const template = fieldsOf(this.state, holder)[field];
      return template === undefined ? undefined : fillTemplate(template, this.#scope());
    });
  }

  override number(field: string, options: FieldOptions = {}): Promise<number | undefined> {
    return this.#promise(() => {
      const { in: holder, outOfBounds } = options;
      const { [field]: constant, [`${field}Path`]: path } = fieldsOf(this.state, holder);
      if (typeof path !== 'string') return constant as number | undefined;
      const value = readPath(path, this.#scope());
      if (isNumber(value, options) && isWithin(value, options)) return value;
      if (isNumber(value, options) && outOfBounds !== undefined) throw new RuntimeProblem(outOfBounds);
      throw new RuntimeProblem(notTheNumber(`${field}Path`, path, value, options));
    });
  }

  override text(field: string): Promise<string | undefined> {
    return this.#promise(() => {
      const { [field]: constant, [`${field}Path`]: path } = fieldsOf(this.state);
      if (typeof path !== 'string') return constant as string | undefined;
      const value = readExpression(`${field}Path`, path, this.#scope());
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
  }

  override items(orObject = false): Promise<readonly Json[] | JsonObject> {
    return this.#promise(() => {
      const { ItemsPath: path = '$' } = this.#fields;
      const items = readPath(path, this.#scope());
      if (isList(items) || (orObject && isObject(items))) return items;
      throw new RuntimeProblem(`Reference path "${path}" must point to array.`);
    });
  }

  override result(): Promise<Json | undefined> {
    return this.#promise(() => fieldsOf(this.state).Result ?? this.#effectiveInput());
  }

  override delay(): Promise<Delay> {
    return this.#promise(() => {
      const { Seconds, SecondsPath, Timestamp, TimestampPath = '$' } = this.#fields;
      if (Seconds !== undefined) return { seconds: Number(Seconds) };
      if (SecondsPath !== undefined) return { seconds: secondsAt(SecondsPath, this.#scope()) };
      if (Timestamp !== undefined) return { untilMs: timeOf(Timestamp, 'Timestamp') };
      const what = `TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${TimestampPath} ==`;
      return { untilMs: timeOf(readPath(TimestampPath, this.#scope()), what) };
    });
  }

  override choose(rules: readonly ChoiceRule[]): Promise<ChoiceRule | undefined> {
    return this.#promise(() => {
      const scope = this.#scope();
      return rules.find((rule) => holds(rule, scope));
    });
  }

  override succeed(result: Json | undefined, next: string | undefined): Promise<Outcome> {
    return this.#promise(() => {
      const given = result ?? this.#scope().input;
      const selected = result === undefined ? given : this.#template('ResultSelector', given);
      const placed = result === undefined ? given : withResult(this.#fields.ResultPath, this.input, selected);
      const output = select(this.#fields.OutputPath, this.#scopeOf(placed));
      return { output, next, ...this.#assigned(this.#fields, given) };
    });
  }

  override chosen(rule: ChoiceRule | undefined, next: string): Promise<Outcome> {
    return this.#promise(() => {
      const { input } = this.#scope();
      const output = select(this.#fields.OutputPath, this.#scopeOf(input));
      return { output, next, ...this.#assigned(rule ?? this.#fields, input) };
    });
  }

  override caught(catcher: Catcher, error: ErrorOutput): Promise<Outcome> {
    return this.#promise(() => ({
      output: withResult(catcher.ResultPath, this.input, error),
      next: catcher.Next,
      ...this.#assigned(catcher, error),
    }));
  }

  get #fields(): DataFields {
    return this.state;
  }

  /** What `InputPath` chooses, and what paths of the state are read from. */
  #scope(): Scope {
    const scope = this.#scopeOf(this.input);
    return { ...scope, input: select(this.#fields.InputPath, scope) };
  }

  #scopeOf(input: Json): Scope {
    return { input, context: this.context, variables: this.flow.variables };
  }

  #effectiveInput(): Json {
    const scope = this.#scope();
    return this.#fields.Parameters === undefined ? scope.input : fillTemplate(this.#fields.Parameters, scope);
  }

  #template(field: 'ResultSelector', input: Json): Json {
    const template = this.#fields[field];
    return template === undefined ? input : fillTemplate(template, this.#scopeOf(input));
  }

  #assigned({ Assign: template }: { readonly Assign?: Json }, input: Json): Pick<Outcome, 'assigned'> {
    if (template === undefined) return {};
    const values = fillTemplate(template, this.#scopeOf(input));
    return isObject(values) ? this.assigning(values) : {};
  }

  /** What the language does takes no time, and yet it fails as a promise does. */
  #promise<T>(work: () => T): Promise<T> {
    return Promise.resolve().then(work);
  }
}

/** @param path `$` by default: the result is the output; `null`: the input is */
const withResult = (path: string | null | undefined, input: Json, result: Json): Json =>
  path === null ? input : placeAt(path ?? '$', input, result);

const select = (path: string | null | undefined, scope: Scope): Json => {
  if (path === null) return {};
  return path === undefined ? scope.input : readPath(path, scope);
};

/** AWS words this differently for time limits and for the fields of a Map state. */
const notTheNumber = (field: string, path: string, value: Json, { least = 1, fraction }: FieldOptions): string =>
  field.includes('Seconds')
    ? `The ${field} parameter does not reference a ${least > 0 ? 'positive' : 'non-negative'} integer: ${path} == ${JSON.stringify(value)}`
    : `The ${field} field refers to value "${textOf(value)}" which is not a valid ${fraction ? 'float' : 'integer'}: ${path}`;

const secondsAt = (path: string, scope: Scope): number => {
  const value = readPath(path, scope);
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new RuntimeProblem(
      `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${JSON.stringify(value)}`,
    );
  if (value < 0) throw new RuntimeProblem(`The SecondsPath parameter references a negative value: ${path} == ${value}`);
  return value;
};

const timeOf = (value: Json, what: string): number => {
  const time = parseTimestamp(value);
  if (time !== undefined) return time;
  throw new RuntimeProblem(`The ${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
};
