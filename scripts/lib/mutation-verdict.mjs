/** What mutants of a package come to, given the explanations of those that no test kills. */

const KILLED = ['Killed', 'Timeout'];
const SURVIVED = ['Survived', 'NoCoverage'];

/** The share of all mutants that must be killed, in percent; an explanation kills none. */
export const LEAST_SCORE = 90;

const matches = ({ file, line, replacements }, mutant) =>
  file === mutant.file && line === mutant.line && (replacements?.includes(mutant.replacement) ?? true);

/**
 * @param mutants `{ file, line, place, replacement, status }`: `line` is the text of the line that was mutated
 * @param explanations `{ file, line, replacements?, why }`: all survivors of the line, or those with these replacements
 * @returns the score, the survivors that nobody has explained, and the explanations that are of no survivor (any more)
 */
export const verdictOf = (mutants, explanations) => {
  const killed = mutants.filter(({ status }) => KILLED.includes(status));
  const survivors = mutants.filter(({ status }) => SURVIVED.includes(status));
  const explained = survivors.filter((mutant) => explanations.some((explanation) => matches(explanation, mutant)));
  return {
    score: (100 * killed.length) / Math.max(1, killed.length + survivors.length),
    killed: killed.length,
    explained: explained.length,
    unexplained: survivors.filter((mutant) => !explained.includes(mutant)),
    idle: explanations.filter((explanation) => !survivors.some((mutant) => matches(explanation, mutant))),
  };
};
