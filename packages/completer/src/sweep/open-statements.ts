import { type DynamoDBClient, QueryCommand, type QueryCommandInput, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { names, type TrackingItem, type TrackingKey } from '@sfn-redshift/shared';
import { conditionHeld } from '../conditional-write.ts';
import { keyOf } from '../statement-table.ts';
import { contains, type StartRange } from './due-ranges.ts';

const { TABLE } = names;

/** A statement that is open, as far as the index of open ones tells. */
export interface OpenStatement extends TrackingKey {
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** What is open is in one of two parts of the index. The reads and the write that only the sweep makes in the tracking table. */
export interface OpenStatements {
  /** Open statements that started within the ranges (oldest first, apart from each other), by start time. */
  startedWithin(ranges: readonly StartRange[]): AsyncIterable<OpenStatement>;
  /** Those that every run looks at instead, whatever their age; the oldest first. */
  watched(): AsyncIterable<OpenStatement>;
  /** Notes the statement of a claim that has none, if it is still of the generation that was read; tells whether it was. */
  noteStatement(claim: TrackingItem, statementId: string): Promise<boolean>;
}

/** Keys of 0.5 KB each: a page costs two read units, and skips as many statements that are not due. */
const PAGE_SIZE = 32;

export const openStatements = (client: DynamoDBClient, TableName: string): OpenStatements => ({
  startedWithin: (ranges) => walk(queryOf(client, TableName, TABLE.openValue), ranges),
  watched: () => walk(queryOf(client, TableName, TABLE.watchedValue), EVER),
  noteStatement: (claim, statementId) =>
    conditionHeld(() =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(claim),
          UpdateExpression: 'SET #statementId = :statementId, #status = :submitted',
          ConditionExpression:
            '#generation = :generation AND #status = :starting AND attribute_not_exists(#statementId)',
          ExpressionAttributeNames: { '#statementId': 'statementId', '#status': 'status', '#generation': 'generation' },
          ExpressionAttributeValues: marshall({
            ':statementId': statementId,
            ':submitted': 'submitted',
            ':starting': 'starting',
            ':generation': claim.generation,
          }),
        }),
      ),
    ),
});

const EVER: readonly StartRange[] = [{ from: 0, to: Number.MAX_SAFE_INTEGER }];

type Key = Exclude<QueryCommandInput['ExclusiveStartKey'], undefined>;
type Query = (
  range: StartRange,
  after: Key | undefined,
) => Promise<{
  readonly Items?: readonly Key[] | undefined;
  readonly LastEvaluatedKey?: Key | undefined;
}>;

/**
 * Reads the index in the order of start times, and where a page ends between two ranges leaps to the next. With little
 * open that is one query for all ranges; with much it is one for each, and pages of what is due.
 */
async function* walk(query: Query, ranges: readonly StartRange[]): AsyncIterable<OpenStatement> {
  let from = ranges[0]?.from;
  let after: Key | undefined;
  while (from !== undefined) {
    const page = await query({ from, to: ranges.at(-1)?.to ?? from }, after);
    const statements = (page.Items ?? []).map(openStatementOf);
    yield* statements.filter(({ startedAt }) => ranges.some((range) => contains(range, startedAt)));
    if (!page.LastEvaluatedKey) return;
    const reached = openStatementOf(page.LastEvaluatedKey).startedAt;
    const range = rangeFrom(ranges, reached);
    after = range && contains(range, reached) ? page.LastEvaluatedKey : undefined;
    from = range?.from;
  }
}

/** The range that holds this start time, or else the next. */
const rangeFrom = (ranges: readonly StartRange[], startedAt: number) => ranges.find(({ to }) => to >= startedAt);

const openStatementOf = (attributes: Key): OpenStatement => {
  const { owner, invocationKey, startedAt } = unmarshall(attributes) as OpenStatement;
  return { owner, invocationKey, startedAt };
};

const queryOf =
  (client: DynamoDBClient, TableName: string, part: string): Query =>
  ({ from, to }, ExclusiveStartKey) =>
    client.send(
      new QueryCommand({
        TableName,
        IndexName: TABLE.openIndex,
        KeyConditionExpression: '#open = :part AND #startedAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#open': TABLE.open, '#startedAt': TABLE.startedAt },
        ExpressionAttributeValues: marshall({ ':part': part, ':from': from, ':to': to }),
        Limit: PAGE_SIZE,
        ExclusiveStartKey,
      }),
    );
