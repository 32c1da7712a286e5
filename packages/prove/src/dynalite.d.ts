/** dynalite's readers of DynamoDB expressions bring no types; these are the parts in use. A text is a complaint. */
declare module 'dynalite/db/conditionParser.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';

  /** What the readers ask of whoever calls them. */
  export interface ExpressionContext {
    readonly attrNames: Record<string, string>;
    readonly attrVals: Record<string, AttributeValue>;
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
    readonly isReserved: () => boolean;
    readonly compare: (operator: string, one: AttributeValue, other: AttributeValue) => boolean;
  }

  export const parse: (
    text: string,
    options: { context: ExpressionContext },
  ) => { readonly expression: object } | string;
}

declare module 'dynalite/db/updateParser.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';
  import type { ExpressionContext } from 'dynalite/db/conditionParser.js';

  /** One assignment or removal of an update. */
  export interface UpdateSection {
    readonly type: string;
    readonly path: readonly (string | number)[];
    readonly val?: AttributeValue;
  }

  export const parse: (
    text: string,
    options: { context: ExpressionContext },
  ) => { readonly sections: readonly UpdateSection[] } | string;
}

declare module 'dynalite/db/index.js' {
  import type { AttributeValue } from '@aws-sdk/client-dynamodb';

  export const compare: (operator: string, one: AttributeValue, other: AttributeValue) => boolean;
  export const matchesExprFilter: (item: object, expression: object) => boolean;
}
