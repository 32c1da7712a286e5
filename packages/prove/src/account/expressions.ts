import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as conditions from 'dynalite/db/conditionParser.js';
import * as database from 'dynalite/db/index.js';
import * as updates from 'dynalite/db/updateParser.js';

export type Attributes = Record<string, AttributeValue>;

/** The placeholders of a request. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Attributes | undefined;
}

/** Whether an item (none: empty) meets a condition, key condition or filter; nothing is a condition that all meet. */
export const conditionOf = (text: string | undefined, placeholders: Placeholders): ((item: Attributes) => boolean) => {
  if (text === undefined) return () => true;
  const { expression } = understood(text, conditions.parse(text, { context: contextOf(placeholders) }));
  return (item) => database.matchesExprFilter(item, expression);
};

/** The item after an update; SET of values and REMOVE of whole attributes are all that our handlers use. */
export const updated = (item: Attributes, text: string, placeholders: Placeholders): Attributes => {
  const { sections } = understood(text, updates.parse(text, { context: contextOf(placeholders) }));
  const next = { ...item };
  for (const { type, path, val } of sections) {
    const [name, ...deeper] = path;
    if (typeof name !== 'string' || deeper.length > 0) throw unknown(text);
    if (type === 'remove') delete next[name];
    else if (type === 'set' && isValue(val)) next[name] = val;
    else throw unknown(text);
  }
  return next;
};

const isValue = (val: unknown): val is AttributeValue =>
  typeof val === 'object' && val !== null && !Array.isArray(val) && !('type' in val);

const understood = <T extends object>(text: string, parsed: T | string): T => {
  if (typeof parsed === 'string') throw new Error(`the model account refuses ${text}: ${parsed}`);
  return parsed;
};

const unknown = (text: string) => new Error(`the model account does not know the update ${text}`);

const contextOf = ({
  ExpressionAttributeNames,
  ExpressionAttributeValues,
}: Placeholders): conditions.ExpressionContext => ({
  attrNames: { ...ExpressionAttributeNames },
  attrVals: { ...ExpressionAttributeValues },
  unusedAttrNames: {},
  unusedAttrVals: {},
  isReserved: () => false,
  compare: database.compare,
});
