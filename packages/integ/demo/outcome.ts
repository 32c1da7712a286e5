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

type Field = Readonly<Record<string, string | number | boolean>>;

interface WorkflowOutput {
  readonly airports?: { readonly answer?: { readonly Records?: readonly (readonly Field[])[] } };
  readonly failure?: CaughtError;
  readonly cancelled?: readonly { readonly abort?: CaughtError }[];
}

interface CaughtError {
  readonly Error?: string;
  readonly Cause?: string;
}

export const readOutcome = (output: string): Outcome => {
  const { airports, failure, cancelled } = JSON.parse(output) as WorkflowOutput;
  return {
    airports: (airports?.answer?.Records ?? []).map(airportOf),
    failure: caught(failure),
    abort: caught(cancelled?.find(({ abort }) => abort)?.abort),
  };
};

const airportOf = (record: readonly Field[]): Airport => {
  const [iata, name, city, departures] = record.map((field) => Object.values(field)[0]);
  return { iata: String(iata), name: String(name), city: String(city), departures: Number(departures) };
};

const caught = (error: CaughtError | undefined): Caught => {
  const { message = '' } = error?.Cause ? (JSON.parse(error.Cause) as { message?: string }) : {};
  return { error: error?.Error ?? 'nothing caught', message };
};
