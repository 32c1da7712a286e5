import { Token } from 'aws-cdk-lib';
import { JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import { isKnown, type StateLanguage } from './private/state-language';
import { checkWholeNumber, refuse } from './private/validation';

/** As many as fit into a cause. */
const MAX_SAMPLE = 20;

/** What a check that failed tells. */
export interface RedshiftSampleOptions {
  /**
   * How many of the first rows are in the cause of a check that failed: from 0 to 20.
   *
   * @default 5
   */
  readonly sampleRows?: number;
}

/** How many rows there should be: exactly so many, or from one to another number; each a whole number, 0 or more, or an expression in the query language of the state. */
export interface RedshiftExpectedCount extends RedshiftSampleOptions {
  /**
   * Exactly so many. Stands alone.
   *
   * @default - `min` and `max` say it
   */
  // A number or an expression, which in JSONata is text: jsii has no narrower type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly exactly?: any;

  /**
   * At least so many.
   *
   * @default - no lower bound
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly min?: any;

  /**
   * At most so many.
   *
   * @default - no upper bound
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly max?: any;
}

/**
 * What the only value should be: this one, or one from one to another. Numbers are compared as numbers, dates and times as such;
 * expressions in the query language of the state are possible.
 */
export interface RedshiftExpectedValue extends RedshiftSampleOptions {
  /**
   * Exactly this: text, a number, or a boolean. Stands alone.
   *
   * @default - `min`, `max` or `isNull` say it
   */
  // Whatever of JSON is one value: jsii has no narrower type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly exactly?: any;

  /**
   * At least this: text or a number.
   *
   * @default - no lower bound
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly min?: any;

  /**
   * At most this: text or a number.
   *
   * @default - no upper bound
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly max?: any;

  /**
   * NULL. Stands alone.
   *
   * @default false
   */
  readonly isNull?: boolean;
}

const BOUNDS = ['exactly', 'min', 'max'] as const;

interface Bounds {
  readonly exactly?: unknown;
  readonly min?: unknown;
  readonly max?: unknown;
  readonly isNull?: boolean;
}

/** What a data check expects of the rows of its statement. */
export class RedshiftExpectation {
  /** There are none: the statement selects what is wrong. */
  public static noRows(options: RedshiftSampleOptions = {}): RedshiftExpectation {
    return new RedshiftExpectation('noRows', options);
  }

  /** There is one, or more. */
  public static someRows(options: RedshiftSampleOptions = {}): RedshiftExpectation {
    return new RedshiftExpectation('someRows', options);
  }

  /**
   * There are so many.
   *
   * @throws Error for what is no count, or for no bound at all.
   */
  public static count(expected: RedshiftExpectedCount): RedshiftExpectation {
    for (const name of BOUNDS) {
      if (isKnown(expected[name])) checkWholeNumber(`expectation.${name}`, expected[name] as number | undefined, 0);
    }
    return new RedshiftExpectation('count', expected);
  }

  /**
   * The only value, of one row with one column, is this.
   *
   * @throws Error for bounds that do not go together, or none at all.
   */
  public static value(expected: RedshiftExpectedValue): RedshiftExpectation {
    for (const name of BOUNDS) checkScalar(name, expected[name]);
    return new RedshiftExpectation('value', expected);
  }

  private constructor(
    private readonly type: string,
    private readonly options: RedshiftSampleOptions & Bounds,
  ) {
    checkWholeNumber('expectation.sampleRows', options.sampleRows, 0, MAX_SAMPLE);
    if (type === 'count' || type === 'value') checkBounds(options);
  }

  /**
   * As a request names it.
   *
   * @internal
   */
  public _renderCheck(language: StateLanguage): object {
    const { exactly, min, max, isNull, sampleRows } = this.options;
    const written = (name: string, value: unknown) =>
      value === undefined ? undefined : language.value(`expectation.${name}`, value);
    return {
      type: this.type,
      equals: isNull ? nullIn(language) : written('exactly', exactly),
      min: written('min', min),
      max: written('max', max),
      sampleRows: written('sampleRows', sampleRows),
    };
  }
}

/** Text, a number, or a boolean, which has no more and no less. */
const checkScalar = (name: (typeof BOUNDS)[number], value: unknown): void => {
  if (value === undefined || Token.isUnresolved(value) || typeof value === 'string' || Number.isFinite(value)) return;
  if (name === 'exactly' && typeof value === 'boolean') return;
  refuse(`expectation.${name}`, `must be text or a number${name === 'exactly' ? ', a boolean, or isNull' : ''}`, value);
};

const checkBounds = ({ isNull, ...bounds }: Bounds): void => {
  const { min, max } = bounds;
  const given = BOUNDS.filter((name) => bounds[name] !== undefined);
  const alone = isNull ? 'isNull' : given.includes('exactly') && 'exactly';
  const other = given.find((name) => name !== alone);
  if (alone && other) refuse(`expectation.${other}`, `does not go with ${alone}`, bounds[other]);
  if (!alone && !other) refuse('expectation', 'needs exactly, min or max', bounds);
  if (areCrossed(min, max)) {
    refuse('expectation.min', `must not be more than max, which is ${String(max)}`, min);
  }
};

const areCrossed = (min: unknown, max: unknown): boolean =>
  typeof min === 'number' &&
  typeof max === 'number' &&
  !Token.isUnresolved(min) &&
  !Token.isUnresolved(max) &&
  min > max;

/** CDK leaves out what is null. */
const nullIn = ({ queryLanguage }: StateLanguage): unknown =>
  queryLanguage === QueryLanguage.JSONATA ? '{% null %}' : JsonPath.stringToJson('null');
