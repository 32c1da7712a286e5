/** Which invariant (design, section 4) is broken, and how. */
export interface Finding {
  readonly invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly what: string;
}

/** The breaches of one schedule. */
export class Findings {
  readonly all: Finding[] = [];

  add(invariant: Finding['invariant'], what: string): void {
    this.all.push({ invariant, what });
  }
}
