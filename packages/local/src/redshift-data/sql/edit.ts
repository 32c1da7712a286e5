/** A stretch of SQL, in UTF-16 units, and what stands there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export interface EditedSql {
  readonly text: string;
  /** Where in the SQL before the edits the `position` that PostgreSQL reported lies; both count characters from 1. */
  readonly originalPosition: (position: number) => number;
}

/** An edit and where its replacement has come to lie. */
interface Applied {
  readonly start: number;
  readonly end: number;
  readonly edit: Edit;
}

/** Makes all edits at once; they must not overlap, their order does not matter. */
export const applyEdits = (sql: string, edits: readonly Edit[]): EditedSql => {
  const applied: Applied[] = [];
  let text = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    text += sql.slice(at, edit.start);
    applied.push({ start: text.length, end: text.length + edit.replacement.length, edit });
    text += edit.replacement;
    at = edit.end;
  }
  text += sql.slice(at);
  return { text, originalPosition: (position) => mapBack(position, text, sql, applied) };
};

const mapBack = (position: number, text: string, sql: string, applied: readonly Applied[]): number => {
  // PostgreSQL counts characters, JavaScript UTF-16 units.
  const offset = [...text].slice(0, position - 1).join('').length;
  const last = applied.findLast(({ start }) => start <= offset);
  if (!last) return position;
  const original = offset < last.end ? last.edit.start : last.edit.end + offset - last.end;
  return [...sql.slice(0, original)].length + 1;
};
