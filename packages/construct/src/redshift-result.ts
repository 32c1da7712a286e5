import type { StateLanguage } from './private/state-language';
import { checkWholeNumber } from './private/validation';

/** As many as the contract lets a request name. */
const MAX_ROWS = 100_000_000;

/** How many rows a result may have. */
export interface RedshiftRowsOptions {
  /**
   * More rows than that fail the state as `TooManyRows`: from 1 to 100,000,000.
   *
   * @default - as many as the output of a state can hold
   */
  readonly maxRows?: number;
}

/**
 * What a state has of the rows of its statement, as `result` in its output: `columns` with names and types, `rowCount`, and a member
 * that is named as the form. Values are those of JSON: numbers where JSON carries them without loss, text for larger ones, ISO
 * 8601 for times, JSON for SUPER, null. What does not fit into a state fails it by name; nothing is cut.
 */
export class RedshiftResult {
  /**
   * `rows`: all of them, as objects by column label.
   *
   * @throws Error for a number of rows that is out of range.
   */
  public static rows(options: RedshiftRowsOptions = {}): RedshiftResult {
    return new RedshiftResult('rows', options);
  }

  /** `row`: the only row, as an object by column label; null where there is none. Several fail the state as `ResultMismatch`. */
  public static row(): RedshiftResult {
    return new RedshiftResult('row');
  }

  /**
   * `column`: the values of the only column.
   *
   * @throws Error for a number of rows that is out of range.
   */
  public static column(options: RedshiftRowsOptions = {}): RedshiftResult {
    return new RedshiftResult('column', options);
  }

  /** `value`: the only value, of one row with one column; null where there is no row. */
  public static value(): RedshiftResult {
    return new RedshiftResult('value');
  }

  private constructor(
    private readonly form: string,
    private readonly options: RedshiftRowsOptions = {},
  ) {
    checkWholeNumber('result.maxRows', options.maxRows, 1, MAX_ROWS);
  }

  /**
   * As a request names it.
   *
   * @internal
   */
  public _render(language: StateLanguage): object {
    const { maxRows } = this.options;
    return {
      form: this.form,
      maxRows: maxRows === undefined ? undefined : language.value('result.maxRows', maxRows),
    };
  }
}
