/** A column of a result. */
export interface ResultColumn {
  /** Its label: the alias in the SQL, else its name. */
  readonly name: string;
  /** Redshift's name of its type, such as `int8`, `numeric` or `timestamptz`. */
  readonly type: string;
}

/** A value as JSON: numbers, texts, booleans, null; of SUPER anything. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A row: its values by the labels of their columns. */
export type ResultRow = Readonly<Record<string, JsonValue>>;

/** What every form of a result tells. */
export interface ResultSummary {
  readonly columns: readonly ResultColumn[];
  /** Rows that the statement has given. */
  readonly rowCount: number;
}

/** Where the rows are that went to S3. */
export interface StoredRows {
  readonly bucket: string;
  readonly key: string;
  /** `s3://BUCKET/KEY` */
  readonly uri: string;
  readonly bytes: number;
}

/** `result` in the output of a task: the summary, and one member that is named as the form, or `s3`. */
export type ResultOutput = ResultSummary &
  (
    | { readonly rows: readonly ResultRow[] }
    /** Null where there is none. */
    | { readonly row: ResultRow | null }
    | { readonly column: readonly JsonValue[] }
    /** Null also where there is no row. */
    | { readonly value: JsonValue }
    | { readonly s3: StoredRows }
  );

/** What the output of a task tells of rows. */
export interface RowsTold {
  readonly result: ResultOutput;
  readonly check: CheckOutput;
}

/** `check` in the output of a task: what was found to be as it should. */
export interface CheckOutput {
  readonly type: string;
  readonly rowCount: number;
  /** Of a check of a value: that value. */
  readonly value?: JsonValue;
}
