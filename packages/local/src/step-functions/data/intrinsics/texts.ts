import { isList, isObject, type Json } from '../json.ts';
import { failure, type Intrinsic, textIn } from './intrinsic.ts';

/** The template is read with its escapes; see the reader of expressions. */
const format: Intrinsic = {
  takes: [1, Number.POSITIVE_INFINITY],
  call: (template, ...values) => {
    let next = 0;
    const text = textIn('States.Format', template).replaceAll(/\\(.)|\{\}/gs, (_match, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped;
      const value = values[next++];
      if (value === undefined) throw failure('States.Format has fewer values than places');
      return shown(value);
    });
    if (next < values.length) throw failure('States.Format has more values than places');
    return text;
  },
};

/** As AWS has been recorded to write lists and objects: not as JSON. */
const shown = (value: Json): string => {
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${name}=${shown(member)}`);
  return `{${members.join(', ')}}`;
};

/** At every character of the delimiter; what is empty is left out. */
const split: Intrinsic = {
  takes: [2, 2],
  call: (given, delimiter) => {
    const delimiters = new Set(textIn('States.StringSplit', delimiter));
    const parts = [...textIn('States.StringSplit', given)].reduce<string[]>(
      (made, character) => {
        if (delimiters.has(character)) made.push('');
        else made.push((made.pop() ?? '') + character);
        return made;
      },
      [''],
    );
    return parts.filter((part) => part !== '');
  },
};

export const textIntrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.Format': format,
  'States.StringSplit': split,
};
