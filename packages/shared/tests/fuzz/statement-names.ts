import { text } from '@sfn-redshift/fuzz';
import fc from 'fast-check';
import {
  boundedOwner,
  checkPrefix,
  decodeStatementName,
  encodeStatementName,
  MalformedMessage,
} from '../../src/index.ts';
import { KEY, PREFIX, STATEMENT_NAME } from '../helpers/examples.ts';
import { mustEqual, resultOrRefusal } from './verdicts.ts';

/** Names that Redshift could tell us: ours, nearly ours, and any others. */
const name = fc.oneof(
  fc.constant(STATEMENT_NAME),
  fc.tuple(text, text).map(([before, after]) => `${before}${PREFIX}${KEY.invocationKey}/${after}`),
  fc.tuple(fc.nat({ max: 130 }), text).map(([end, rest]) => `${STATEMENT_NAME.slice(0, end)}${rest}`),
  text,
);

/** Of any name it is told whose it is; a key that it holds is the one that it is made of. */
export const statementNames = fc.property(name, (given) => {
  const key = resultOrRefusal(() => decodeStatementName(PREFIX, given), MalformedMessage);
  if (key) mustEqual(given, encodeStatementName(PREFIX, key));
});

const prefix = text.map((start) => `${start.replaceAll('/', '').slice(0, 79) || 'x'}/`);
const invocationKey = fc.stringMatching(/^[0-9a-f]{32}$/);

/** A key comes back from its name after a way through UTF-8, and is of no other prefix. */
export const keys = fc.property(prefix, prefix, text, invocationKey, (ours, theirs, owner, key) => {
  fc.pre(ours.isWellFormed() && theirs.isWellFormed() && owner !== '');
  const tracking = { owner: boundedOwner(owner), invocationKey: key };
  const given = encodeStatementName(checkPrefix(ours), tracking);
  if (given.length > 500) throw new Error(`the name has ${given.length} characters`);
  const received = Buffer.from(given).toString();
  mustEqual(tracking, decodeStatementName(ours, received));
  if (ours !== theirs) mustEqual(undefined, decodeStatementName(theirs, received));
});
