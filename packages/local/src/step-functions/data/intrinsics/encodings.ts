import { hash, isAlgorithm } from '../hash.ts';
import { parseJson } from '../json.ts';
import { failure, type Intrinsic, objectIn, shortTextIn, textIn } from './intrinsic.ts';

const base64Encode: Intrinsic = {
  takes: [1, 1],
  call: (text) => Buffer.from(shortTextIn('States.Base64Encode', text)).toString('base64'),
};

const base64Decode: Intrinsic = {
  takes: [1, 1],
  call: (given) => {
    const text = shortTextIn('States.Base64Decode', given);
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64').replaceAll('=', '') !== text.replaceAll('=', ''))
      throw failure('States.Base64Decode was given a text that is not Base64');
    return bytes.toString();
  },
};

const hashOf: Intrinsic = {
  takes: [2, 2],
  call: (text, algorithm) => {
    if (!isAlgorithm(algorithm)) throw failure('States.Hash was given an algorithm that there is not');
    return hash(shortTextIn('States.Hash', text), algorithm);
  },
};

/** A text with nothing but space has been recorded to yield null. */
const stringToJson: Intrinsic = {
  takes: [1, 1],
  call: (given) => {
    const text = textIn('States.StringToJson', given);
    const value = text.trim() === '' ? null : parseJson(text);
    if (value === undefined) throw failure('States.StringToJson was given a text that is not JSON');
    return value;
  },
};

const jsonToString: Intrinsic = { takes: [1, 1], call: (value = null) => JSON.stringify(value) };

const jsonMerge: Intrinsic = {
  takes: [3, 3],
  call: (left, right, isDeep) => {
    if (isDeep !== false) throw failure('States.JsonMerge merges shallowly only: its third argument must be false');
    return { ...objectIn('States.JsonMerge', left), ...objectIn('States.JsonMerge', right) };
  },
};

export const encodingIntrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.Base64Encode': base64Encode,
  'States.Base64Decode': base64Decode,
  'States.Hash': hashOf,
  'States.StringToJson': stringToJson,
  'States.JsonToString': jsonToString,
  'States.JsonMerge': jsonMerge,
};
