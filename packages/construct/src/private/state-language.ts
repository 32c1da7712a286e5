import { Token } from 'aws-cdk-lib';
import { FieldUtils, JsonPath, QueryLanguage, type Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { DATA_API_ID } from './contract.generated';
import { refuse } from './validation';

/** As long as the contract lets a name be. */
export const MAX_NAME = 256;

/** What Step Functions takes for an expression in a state that speaks JSONata. */
const EXPRESSION = /^\{%.*%\}$/s;

const ID = new RegExp(`^${DATA_API_ID}$`);

const isJsonata = (value: unknown): value is string => typeof value === 'string' && EXPRESSION.test(value);

/** Whether synthesis knows it: it is neither an expression nor a token of CloudFormation. */
export const isKnown = (value: unknown): boolean => !Token.isUnresolved(value) && !isJsonata(value);

/** Writes what props say into a state's definition, in the query language of that state. */
export class StateLanguage {
  private readonly isJsonata: boolean;

  /** @param state the path of the state, for messages */
  public constructor(
    private readonly state: string,
    public readonly queryLanguage: QueryLanguage,
  ) {
    this.isJsonata = queryLanguage === QueryLanguage.JSONATA;
  }

  /**
   * A value of a prop: an expression in the state's language, or a literal.
   * @throws Error for an expression in the other language, and for a JSONPath one in the middle of a text.
   */
  public value(property: string, value: unknown): unknown {
    const path = this.jsonPathIn(property, value);
    if (this.isJsonata) {
      if (path !== undefined) {
        this.refuse(
          property,
          'is a JSONPath expression, but the query language of the state is JSONata ({% … %})',
          path,
        );
      }
      return isJsonata(value) ? value : this.literal(value);
    }
    if (isJsonata(value)) {
      const rule = 'is a JSONata expression, but the query language of the state is JSONPath (JsonPath.stringAt(…))';
      this.refuse(property, rule, value);
    }
    return value;
  }

  /**
   * A name that a prop gives: text of 1 to 256 characters, or an expression in the state's language.
   * @throws Error for any other text, and for an expression in the other language
   */
  public name(property: string, value: string): unknown {
    const written = this.value(property, value);
    if (isKnown(value) && (typeof value !== 'string' || value.length < 1 || value.length > MAX_NAME)) {
      this.refuse(property, `must have 1 to ${MAX_NAME} characters`, value);
    }
    return written;
  }

  /**
   * The id of a statement or a session: such text, or an expression in the state's language.
   * @throws Error for any other text, with the hint, and for an expression in the other language
   */
  public dataApiId(property: string, value: string, hint: string): unknown {
    const written = this.value(property, value);
    if (isKnown(value) && !ID.test(value)) this.refuse(property, `must be an id of the Data API (${hint})`, value);
    return written;
  }

  /** What is said as it stands, also where it looks like an expression. */
  public literal(value: unknown): unknown {
    const looksLikeExpression = typeof value === 'string' && (value.startsWith('{%') || value.endsWith('%}'));
    return this.isJsonata && looksLikeExpression ? `{% ${quoted(value)} %}` : value;
  }

  /** A text of the context object. */
  public context(path: string): string {
    return this.isJsonata ? `{% $states.context.${path} %}` : JsonPath.stringAt(`$$.${path}`);
  }

  /** A time of the state itself, in seconds. */
  public seconds(property: string, timeout: Timeout | undefined): unknown {
    if (timeout === undefined) return undefined;
    if (typeof timeout !== 'object') this.refuse(property, 'must be a Timeout', timeout);
    const { seconds, path, jsonataExpression } = timeout;
    return this.value(property, path === undefined ? (jsonataExpression ?? seconds) : JsonPath.numberAt(path));
  }

  /** @throws Error where a prop is of the other language. */
  public refuseProps(props: object): void {
    const others = this.isJsonata ? JSON_PATH_ONLY : JSONATA_ONLY;
    const property = others.find((name) => (props as Record<string, unknown>)[name] !== undefined);
    if (property === undefined) return;
    const rule = `does not go with the query language of the state, which is ${this.queryLanguage}`;
    this.refuse(property, rule, (props as Record<string, unknown>)[property]);
  }

  private jsonPathIn(property: string, value: unknown): string | undefined {
    try {
      return (FieldUtils.renderObject({ value }) as Record<string, string>)['value.$'];
    } catch {
      return this.refuse(property, 'has an expression inside a text; build it with JsonPath.format(…)', String(value));
    }
  }

  private refuse(property: string, rule: string, value: unknown): never {
    return refuse(`${this.state}: ${property}`, rule, value);
  }
}

const JSON_PATH_ONLY = ['inputPath', 'outputPath', 'resultPath', 'resultSelector'];
const JSONATA_ONLY = ['outputs'];

/** As JSONata writes text; without the signs that end an expression. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('%', '\\u0025');
