/** An error as AWS would answer it: `code` is the exception's name on the wire, `members` are its further fields. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

/** What the stage does not know is refused by name, so that nobody takes silence for support. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';
}
