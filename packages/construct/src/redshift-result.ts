import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { checkHas } from './private/check-type';
import type { StateLanguage } from './private/state-language';
import { checkWholeNumber, refuse } from './private/validation';
import type { ITaskerTarget } from './tasker-target';

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

/** Which rows go to S3, and where to. */
export interface RedshiftS3ResultOptions extends RedshiftRowsOptions {
  /**
   * What the keys of results begin with; a `/` follows it, unless it ends with one. The tasker may then write there alone.
   * Known at synthesis, or a token of CloudFormation.
   *
   * @default - results may go anywhere in the bucket
   */
  readonly prefix?: string;
}

/** Where rows go to S3. */
interface Place {
  readonly bucket: IBucket;
  readonly prefix?: string;
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

  /**
   * All rows, as JSON lines in an object of the bucket, by column label; `s3` in `result` tells bucket, key and URI. The
   * tasker's roles are let in, as `grantResultsTo()` does.
   *
   * @param bucket where they go; a life-cycle rule of it should end uploads that were never finished
   * @param options how many, and under which prefix
   * @throws Error for a number of rows that is out of range, and for a prefix that is an expression.
   */
  public static toS3(bucket: IBucket, options: RedshiftS3ResultOptions = {}): RedshiftResult {
    checkHas('result.bucket', bucket, 'a bucket', 'bucketArn');
    const { prefix } = options;
    if (prefix !== undefined && (JsonPath.isEncodedJsonPath(prefix) || /^\{%.*%\}$/s.test(prefix))) {
      refuse('result.prefix', 'must be no expression: the tasker is let in under it', '(an expression)');
    }
    return new RedshiftResult('rows', options, { bucket, prefix });
  }

  private constructor(
    private readonly form: string,
    private readonly options: RedshiftRowsOptions = {},
    private readonly place?: Place,
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
      s3: this.place && { bucket: this.place.bucket.bucketName, prefix: this.place.prefix },
    };
  }

  /**
   * Lets the tasker do what the state asks for.
   *
   * @internal
   */
  public _bind(tasker: ITaskerTarget): void {
    if (this.place) tasker.grantResultsTo(this.place.bucket, this.place.prefix);
  }
}
