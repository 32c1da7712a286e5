import { applyEdits, type EditedSql } from './edit.ts';
import { replaceAlias } from './lateral-alias.ts';
import type { Token } from './lexer.ts';
import { bindParameters, type SqlParameter } from './parameters.ts';
import { navigate } from './super-path.ts';
import { isText } from './token-reader.ts';
import { type RenderedSql, renderTokens } from './token-text.ts';

/** What PostgreSQL has said against a text. */
export interface Complaint {
  /** SQLSTATE. */
  readonly code: string | undefined;
  /** In characters from 1, in the text that it got. */
  readonly position: number | undefined;
}

/** A statement as PostgreSQL is to run it. */
export class QueryPlan {
  readonly kind = 'query';
  readonly sql: EditedSql;
  /** In the order of `$1`, `$2`, … */
  readonly values: readonly string[];
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  readonly #written: RenderedSql;
  readonly #bound: EditedSql;

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
    const written = renderTokens(source.sql, source.tokens, tokens);
    const { edits, values } = bindParameters(written.text, source.parameters);
    const bound = applyEdits(written.text, edits);
    this.#written = written;
    this.#bound = bound;
    this.values = values;
    this.sql = {
      text: bound.text,
      originalPosition: (position) => written.originalPosition(bound.originalPosition(position)),
    };
  }

  /** Whether it ends the transaction it runs in. */
  get commits(): boolean {
    return isText(this.#tokens[0], 'TRUNCATE');
  }

  /**
   * The plan to try next: what depends on which columns and tables there are is known only when PostgreSQL has looked for
   * what it was told. Undefined when the complaint is the last word.
   */
  after({ code, position }: Complaint): QueryPlan | undefined {
    const resolve = code === undefined ? undefined : RESOLVED[code];
    if (position === undefined || !resolve) return undefined;
    const at = this.#written.tokenIndexAt(this.#bound.originalPosition(position));
    const changed = at < 0 ? undefined : resolve(this.#tokens, at);
    return changed && new QueryPlan(this.#source, changed);
  }
}

export interface Source {
  readonly sql: string;
  /** The significant ones, as the user wrote them. */
  readonly tokens: readonly Token[];
  readonly parameters: readonly SqlParameter[];
}

/** By SQLSTATE: a column, a table that is not there; a name of four parts, of more. */
const RESOLVED: Readonly<Record<string, typeof navigate>> = {
  '42703': replaceAlias,
  '42P01': navigate,
  '0A000': navigate,
  '42601': navigate,
};
