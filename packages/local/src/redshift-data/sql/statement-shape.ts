import { firstSignificant, significantTokens } from './lexer.ts';

export const isBlank = (sql: string): boolean => significantTokens(sql).every(({ text }) => text === ';');

/** Whether something other than comments follows a semicolon. */
export const hasSeveralStatements = (sql: string): boolean => {
  const texts = significantTokens(sql).map(({ kind, text }) => (kind === 'symbol' ? text : 'x'));
  const firstEnd = texts.indexOf(
    ';',
    texts.findIndex((text) => text !== ';'),
  );
  return firstEnd >= 0 && texts.slice(firstEnd).some((text) => text !== ';');
};

/** The statement's first keyword, in capitals, such as `COPY`; empty when it does not start with a word. */
export const leadingKeyword = (sql: string): string => {
  const first = firstSignificant(sql);
  return first?.kind === 'word' ? first.text.toUpperCase() : '';
};

/** The SQL from its first word on; one of comments alone as it is. */
export const withoutLeadingComments = (sql: string): string => sql.slice(firstSignificant(sql)?.start ?? 0);
