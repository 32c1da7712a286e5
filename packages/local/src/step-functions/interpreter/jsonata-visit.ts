import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';
import type { Problem } from '../data/jsonata/protocol.ts';
import {
  expressionOf,
  expressionsIn,
  fillExpressions,
  isExpression,
  type LocatedExpression,
  namesIn,
} from '../data/jsonata/template.ts';
import { parseTimestamp } from '../data/timestamp.ts';
import type { Catcher, ChoiceRule, DataFields, State } from '../definition/states.ts';
import { StateError } from '../errors.ts';
import { fieldsOf } from './fields.ts';
import { type Delay, type ErrorOutput, type FieldOptions, isNumber, isWithin, type Outcome, Visit } from './visit.ts';

/** A part of a state that is a template, by where it stands there. */
type Located = readonly [location: string, template: Json];

/** What `$states` holds besides `input` and `context`. */
type MoreStates = { readonly result: Json } | { readonly errorOutput: Json } | Record<string, never>;

/** Reads a state whose query language is JSONata. */
export class JsonataVisit<S extends State = State> extends Visit<S> {
  protected override copy(moreContext: JsonObject): JsonataVisit<S> {
    return new JsonataVisit(this, moreContext);
  }

  override async arguments(): Promise<Json> {
    return (await this.template('Arguments')) ?? this.input;
  }

  override template(field: string, { in: holder }: FieldOptions = {}): Promise<Json | undefined> {
    return this.#value(holder === undefined ? field : `${holder}/${field}`, fieldsOf(this.state, holder)[field]);
  }

  override async number(field: string, options: FieldOptions = {}): Promise<number | undefined> {
    const { in: holder, least = 1, outOfBounds } = options;
    const given = fieldsOf(this.state, holder)[field];
    const location = holder === undefined ? field : `${holder}/${field}`;
    const value = await this.#value(location, given);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw this.#wrongType(location, given, 'number', value);
    const isOfKind = isNumber(value, options);
    if (isOfKind && isWithin(value, options)) return value;
    throw this.#problem(
      (isOfKind ? outOfBounds : undefined) ??
        `The field '${location}' must be a ${least > 0 ? 'positive' : 'non-negative'} integer but was: ${value}`,
      location,
    );
  }

  override async text(field: string): Promise<string | undefined> {
    const given = fieldsOf(this.state)[field];
    const value = await this.#value(field, given);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#wrongType(field, given, 'string', value);
  }

  override async items(orObject = false): Promise<readonly Json[] | JsonObject> {
    const { Items: given } = this.#fields;
    const items = given === undefined ? this.input : ((await this.#value('Items', given)) ?? null);
    if (isList(items) || (orObject && isObject(items))) return items;
    if (given !== undefined) throw this.#wrongType('Items', given, 'array', items);
    throw this.#problem(`Map state input must be an array but was: ${JSON.stringify(items)}`);
  }

  override result(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override async delay(): Promise<Delay> {
    const seconds = await this.number('Seconds', { least: 0 });
    if (seconds !== undefined) return { seconds };
    const { Timestamp: given } = this.#fields;
    const timestamp = await this.text('Timestamp');
    const untilMs = parseTimestamp(timestamp);
    if (untilMs !== undefined) return { untilMs };
    throw this.#problem(
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${timestamp ?? String(given)}`,
      'Timestamp',
    );
  }

  override async choose(rules: readonly ChoiceRule[]): Promise<ChoiceRule | undefined> {
    for (const [index, rule] of rules.entries()) {
      const location = `Choices[${index}]/Condition`;
      const value = await this.#value(location, rule.Condition);
      if (typeof value !== 'boolean') throw this.#wrongType(location, rule.Condition, 'boolean', value ?? null);
      if (value) return rule;
    }
    return undefined;
  }

  override succeed(result: Json | undefined, next: string | undefined): Promise<Outcome> {
    return this.#outcome(this.#fields, next, result ?? this.input, result === undefined ? {} : { result });
  }

  override chosen(rule: ChoiceRule | undefined, next: string): Promise<Outcome> {
    return this.#outcome(rule ?? this.#fields, next, this.input, {});
  }

  override caught(catcher: Catcher, errorOutput: ErrorOutput): Promise<Outcome> {
    return this.#outcome(catcher, catcher.Next, errorOutput, { errorOutput });
  }

  get #fields(): DataFields {
    return this.state;
  }

  /** `Assign` and `Output`, neither of which sees what the other does. */
  async #outcome(
    { Assign, Output }: { readonly Assign?: Json; readonly Output?: Json },
    next: string | undefined,
    otherwise: Json,
    states: MoreStates,
  ): Promise<Outcome> {
    const [values, output] = await this.#evaluate(
      [
        ['Assign', Assign ?? {}],
        ['Output', Output ?? null],
      ],
      states,
    );
    return {
      output: Output === undefined ? otherwise : (output ?? null),
      next,
      ...(Assign !== undefined && isObject(values) ? this.assigning(values) : {}),
    };
  }

  async #value(location: string, template: Json | undefined): Promise<Json | undefined> {
    if (template === undefined) return undefined;
    const [value] = await this.#evaluate([[location, template]], {});
    return value;
  }

  /** All expressions of all templates at once. What holds none takes no time. */
  async #evaluate(templates: readonly Located[], states: MoreStates): Promise<readonly Json[]> {
    const located = templates.flatMap(([location, template]) => expressionsIn(template, location));
    if (located.length === 0) return templates.map(([, template]) => template);
    const values = (await this.#evaluateExpressions(located, states)).values();
    return templates.map(([, template]) => fillExpressions(template, values));
  }

  async #evaluateExpressions(located: readonly LocatedExpression[], states: MoreStates): Promise<readonly Json[]> {
    const { frame, signal } = this.flow;
    const expressions = located.map(({ expression }) => expression);
    const variables = this.#variables(namesIn(expressions), states);
    const result = await frame.expressions.evaluate({ expressions, variables, now: frame.clock.now() }, signal);
    if ('json' in result) return result.json.map((json) => JSON.parse(json) as Json);
    const { expression = '', location } = located[result.failed] ?? {};
    throw this.#problem(`${nameOf(expression, location)} ${explain(result)}`, location);
  }

  /** The text of what the expressions may read. */
  #variables(names: ReadonlySet<string>, more: MoreStates): string {
    const states = { input: this.input, context: this.context, ...more };
    const values = [...names].map(
      (name) => [name, name === 'states' ? states : this.flow.variables.get(name)] as const,
    );
    return JSON.stringify(Object.fromEntries(values.filter(([, value]) => value !== undefined)));
  }

  #wrongType(location: string, given: Json | undefined, expected: string, value: Json): StateError {
    const expression = isExpression(given) ? expressionOf(given) : JSON.stringify(given);
    return this.#problem(
      `${nameOf(expression, location)} returned an unexpected result type. Expected '${expected}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`,
      location,
    );
  }

  /** Notes the failure in the history, as AWS does. */
  #problem(problem: string, location?: string): StateError {
    const error = new StateError('States.QueryEvaluationError', this.explain(problem));
    const { lastEventId, frame, signal } = this.flow;
    signal.throwIfAborted();
    const previous = frame.history.events[lastEventId - 1]?.previousEventId ?? 0;
    this.flow.lastEventId = frame.history.add(
      'EvaluationFailed',
      lastEventId === this.enteredEventId ? previous : lastEventId,
      {
        evaluationFailedEventDetails: {
          error: error.error,
          cause: error.causeText,
          ...(location === undefined ? {} : { location }),
          state: this.name,
        },
      },
    );
    return error;
  }
}

const nameOf = (expression: string, location = ''): string =>
  `The JSONata expression '${expression}' specified for the field '${location}'`;

const explain = ({ problem, message = '' }: Problem): string => {
  switch (problem) {
    case 'undefined':
      return 'returned nothing (undefined).';
    case 'unsupported':
      return 'returned an unsupported result type.';
    case 'thrown':
      return `threw an error during evaluation. ${message}`;
    case 'timeout':
      return 'threw an error during evaluation. The expression took longer than 1 second.';
    case 'memory':
      return 'threw an error during evaluation. The expression needed too much memory.';
  }
};

const typeOf = (value: Json): string => {
  if (value === null) return 'null';
  return isList(value) ? 'array' : typeof value;
};
