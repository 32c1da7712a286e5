/** What the workflow's output says, read with care: a demo that misreads a failure as success is worse than none. */
export interface Airport {
  readonly iata: string;
  readonly name: string;
  readonly city: string;
  readonly departures: number;
}

export interface Outcome {
  readonly airports: readonly Airport[];
  /** What `Catch` saw of the statement that was wrong on purpose. */
  readonly failure: Caught;
  /** What `Catch` saw of the statement that was cancelled. */
  readonly abort: Caught;
}

export interface Caught {
  readonly error: string;
  /** Redshift's own text. */
  readonly message: string;
}

interface WorkflowOutput {
  readonly busiest?: { readonly result?: { readonly rows?: readonly Airport[] } };
  readonly failure?: CaughtError;
  readonly cancelled?: readonly { readonly abort?: CaughtError }[];
}

interface CaughtError {
  readonly Error?: string;
  readonly Cause?: string;
}

export const readOutcome = (output: string): Outcome => {
  const { busiest, failure, cancelled } = JSON.parse(output) as WorkflowOutput;
  return {
    airports: busiest?.result?.rows ?? [],
    failure: caught(failure),
    abort: caught(cancelled?.find(({ abort }) => abort)?.abort),
  };
};

const caught = (error: CaughtError | undefined): Caught => {
  const { message = '' } = error?.Cause ? (JSON.parse(error.Cause) as { message?: string }) : {};
  return { error: error?.Error ?? 'nothing caught', message };
};
