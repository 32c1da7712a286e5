import type { Token } from './lexer.ts';
import { notOnTheStage } from './refused.ts';
import { isText } from './token-reader.ts';

/** Deeper than anybody writes; what is nested is read once for each level, and by recursion. */
const DEEPEST = 500;

/** @throws RedshiftError for parentheses in parentheses that would keep everybody else waiting */
export const checkNesting = (tokens: readonly Token[]): void => {
  let depth = 0;
  for (const token of tokens) {
    if (isText(token, '(') || isText(token, '[')) depth += 1;
    if (isText(token, ')') || isText(token, ']')) depth -= 1;
    if (depth > DEEPEST) throw notOnTheStage(`Nesting of more than ${DEEPEST} levels`);
  }
};
