import { readScript } from './read-script.ts';
import type { Script, StatementScript } from './script.ts';

/** A script that has been given, as long as it is not removed. */
export interface ScriptHandle {
  readonly id: string;
  /** Statements that it has been played for. */
  readonly used: number;
  /** For further statements it is as if it had not been given; those that run go on. */
  remove(): void;
}

/** The scripts of a Data API. Of those that match a statement, the one that was given first is played. */
export class Scripts {
  readonly #entries = new Map<string, Entry>();

  /** @throws AwsError `ValidationException` naming what is wrong with it */
  add(given: StatementScript): ScriptHandle {
    const script = readScript(given);
    const entry = new Entry(script, given.uses, () => this.remove(script.id));
    this.#entries.set(script.id, entry);
    return entry;
  }

  /** Those that are still to be played, in the order in which they were given. */
  list(): readonly ScriptHandle[] {
    return [...this.#entries.values()];
  }

  /** False when there is none of that id, or it has had all its uses. */
  remove(id: string): boolean {
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The script to play for a statement, one use of which is then gone. */
  take(sql: string): Script | undefined {
    for (const entry of this.#entries.values()) if (entry.script.matches(sql)) return entry.use();
    return undefined;
  }
}

class Entry implements ScriptHandle {
  readonly script: Script;
  readonly #uses: number;
  readonly #remove: () => void;
  #used = 0;

  constructor(script: Script, uses = Number.POSITIVE_INFINITY, remove: () => void) {
    this.script = script;
    this.#uses = uses;
    this.#remove = remove;
  }

  get id(): string {
    return this.script.id;
  }

  get used(): number {
    return this.#used;
  }

  use(): Script {
    this.#used += 1;
    if (this.#used >= this.#uses) this.#remove();
    return this.script;
  }

  remove(): void {
    this.#remove();
  }
}
