/** How often each logical id of each stack has been used: resources that come after another get names of their own. */
export class Generations {
  readonly #next = new Map<string, number>();

  next(stackName: string, logicalId: string): number {
    return this.#next.get(`${stackName}/${logicalId}`) ?? 0;
  }

  /** To be told when a resource of that generation is about to be made. */
  use(stackName: string, logicalId: string, generation: number): void {
    this.#next.set(`${stackName}/${logicalId}`, generation + 1);
  }
}
