import { shortSql, withoutCredentials } from './sql-text.ts';

const SHOWN_LENGTH = 80;

/** As much of a text is searched for secrets; spares us a search through megabytes, of which little is shown. */
const SEARCHED_LENGTH = 1_024;

/** What secrets and user data are called, in our fields and in those that a sender made up or misspelt. */
const SECRET_NAME = /token|secret|passw|pwd|credential|apikey|param|propert|url|callback|signature/i;
const NO_SECRETS: readonly string[] = ['nextToken', 'ServiceToken', 'callback.type'];

/** No word is this long: a task token, a key or a signature, perhaps in a field where it does not belong. */
const OPAQUE_RUN = /[\w+/=-]{48,}/g;

/** The place of a value, for an error's text: `attempt.retryCount`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.map((segment) => (segment === '' ? '""' : shorten(String(segment)))).join('.');

/** What stood at a place, short and without secrets, for an error's text. */
export const describeReceived = (place: string, value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (SECRET_NAME.test(place) && !NO_SECRETS.includes(place)) return `${kindOf(value)} (not shown)`;
  if (typeof value !== 'string') return shorten(JSON.stringify(value, hideSecrets));
  const shown = shorten(withoutSecrets(value));
  return shown === value ? JSON.stringify(value) : `${JSON.stringify(shown)} (length ${value.length})`;
};

/** Only the kind of a value, for places where anything may stand. */
export const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const hideSecrets = (key: string, value: unknown): unknown => {
  if (SECRET_NAME.test(key)) return '(not shown)';
  return typeof value === 'string' ? withoutSecrets(value) : value;
};

const withoutSecrets = (text: string): string =>
  shortSql(withoutCredentials(beginningOf(text)).replace(OPAQUE_RUN, '***'));

/** What is cut in two at its end may be a part of a secret. */
const beginningOf = (text: string): string =>
  text.length <= SEARCHED_LENGTH ? text : text.slice(0, SEARCHED_LENGTH).replace(/[\w+/=-]+$/, '***');

const shorten = (text: string): string =>
  text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH - 1).toWellFormed()}…`;
