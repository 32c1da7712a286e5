/** One statement of a batch, as DescribeStatement tells it. */
export interface BatchStatement {
  readonly statementId: string;
  /** Redshift's word: of a transaction that failed, what was rolled back may be FINISHED. */
  readonly state: string;
  /** Rows returned or affected; -1 where there is nothing to count. */
  readonly rows: number;
  /** -1 where there is none. */
  readonly redshiftQueryId: number;
  readonly hasResult: boolean;
  readonly errorText: string | undefined;
  /** As it was sent: without the values of parameters. */
  readonly sql: string;
}
