import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from '../json.ts';
import { failure, type Intrinsic, listIn, numberIn } from './intrinsic.ts';

const LONGEST_RANGE = 1000;
const ANY_NUMBER = Number.POSITIVE_INFINITY;

const array: Intrinsic = { takes: [0, ANY_NUMBER], call: (...items) => items };

const partition: Intrinsic = {
  takes: [2, 2],
  call: (items, size) => {
    const list = listIn('States.ArrayPartition', items);
    const step = numberIn('States.ArrayPartition', size);
    if (step < 1) throw failure('States.ArrayPartition takes a chunk size of at least 1');
    return Array.from({ length: Math.ceil(list.length / step) }, (_part, n) => list.slice(n * step, (n + 1) * step));
  },
};

const contains: Intrinsic = {
  takes: [2, 2],
  call: (items, wanted) => listIn('States.ArrayContains', items).some((item) => isDeepStrictEqual(item, wanted)),
};

const range: Intrinsic = {
  takes: [3, 3],
  call: (...args) => {
    const [first = 0, last = 0, step = 0] = args.map((arg) => numberIn('States.ArrayRange', arg));
    if (step === 0) throw failure('States.ArrayRange takes an increment other than 0');
    const length = Math.max(0, Math.floor((last - first) / step) + 1);
    if (length > LONGEST_RANGE) throw failure(`States.ArrayRange makes at most ${LONGEST_RANGE} items`);
    return Array.from({ length }, (_item, n) => first + n * step);
  },
};

const getItem: Intrinsic = {
  takes: [2, 2],
  call: (items, index) => {
    const item = listIn('States.ArrayGetItem', items)[numberIn('States.ArrayGetItem', index)];
    if (item === undefined) throw failure('States.ArrayGetItem was given an index at which there is no item');
    return item;
  },
};

const arrayLength: Intrinsic = { takes: [1, 1], call: (items) => listIn('States.ArrayLength', items).length };

const unique: Intrinsic = {
  takes: [1, 1],
  call: (items) => [
    ...listIn('States.ArrayUnique', items)
      .reduce((kept, item) => {
        const key = canonical(item);
        return kept.has(key) ? kept : kept.set(key, item);
      }, new Map<string, Json>())
      .values(),
  ],
};

/** The same text for equal values, whatever the order of their fields. */
const canonical = (value: Json): string =>
  JSON.stringify(value, (_name, member: Json) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );

export const arrayIntrinsics: Readonly<Record<string, Intrinsic>> = {
  'States.Array': array,
  'States.ArrayPartition': partition,
  'States.ArrayContains': contains,
  'States.ArrayRange': range,
  'States.ArrayGetItem': getItem,
  'States.ArrayLength': arrayLength,
  'States.ArrayUnique': unique,
};
