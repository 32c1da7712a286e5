/** One thing in a template that the stage cannot honour. */
export interface Refusal {
  /** Construct path of the resource or name of the stack, with the type where there is one: `MyStack/Jobs (AWS::SQS::Queue)`. */
  readonly where: string;
  readonly reason: string;
}

/** The assembly asks for what the stage does not know, or for what CloudFormation would refuse as well. Nothing was created. */
export class RefusedAssemblyError extends Error {
  override readonly name = 'RefusedAssemblyError';
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ where, reason }) => `${where}: ${reason}`).join('\n'));
    this.refusals = refusals;
  }
}

/** Gathers every refusal of an assembly, so that nobody has to find them one run after the other. */
export class Refusals {
  readonly #all: Refusal[] = [];

  add(where: string, reason: string): void {
    this.#all.push({ where, reason });
  }

  /** Runs `work`; what it throws becomes a refusal, and the answer `fallback`. */
  attempt<T>(where: string, work: () => T, fallback: T): T {
    try {
      return work();
    } catch (error) {
      this.add(where, reasonOf(error));
      return fallback;
    }
  }

  /** @throws RefusedAssemblyError if there are any */
  throwIfAny(): void {
    if (this.#all.length > 0) throw new RefusedAssemblyError(this.#all);
  }
}

/** Errors for what the stage lacks name the thing only. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const isBare = error.name === 'NotSupportedError' && !error.message.includes('not supported');
  return isBare ? `${error.message} is not supported` : error.message;
};
