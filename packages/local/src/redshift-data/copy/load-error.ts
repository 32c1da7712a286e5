/** Something in the data that cannot be loaded; the message is Redshift's reason. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  /** The column that it is about, if it is about one. */
  readonly column: string | undefined;

  constructor(message: string, column?: string) {
    super(message);
    this.column = column;
  }
}
