import { InvalidRequest, ResponseTooLarge } from '@sfn-redshift/shared';

/** Where a page begins: in which page of the Data API, and at which of its rows. */
interface PageStart {
  /** The Data API's own; undefined for its first page. */
  readonly token: string | undefined;
  readonly row: number;
}

type Answer = Record<string, unknown>;

/** A token of ours: a row, and after it the Data API's token of the page that the row is on. */
const OURS = /^sfn-redshift-row:(\d{1,9}):(.*)$/s;

const tokenOf = ({ token = '', row }: PageStart): string => `sfn-redshift-row:${row}:${token}`;

/** What a `nextToken` means: the Data API's own is passed on, ours names a row of a page as well. */
export const pageStartOf = (nextToken: string | undefined): PageStart => {
  const [, row, token] = OURS.exec(nextToken ?? '') ?? [];
  return row === undefined ? { token: nextToken, row: 0 } : { token: token || undefined, row: Number(row) };
};

/**
 * The rest of a page of the Data API, as many of its rows as fit: pages of the Data API are larger than what a state holds.
 * `NextToken` leads to the row that follows.
 * @param page the whole page, as JSON
 * @param limit the most bytes that the answer may have
 * @throws ResponseTooLarge where not even one row fits; InvalidRequest where the page has no such row
 */
export const fittingRows = (page: Answer, start: PageStart, limit: number): Answer => {
  const { Records } = page;
  if (!Array.isArray(Records)) return page;
  if (start.row > 0 && start.row >= Records.length) throw strangeToken(start);
  const rest = { ...page, Records: Records.slice(start.row) };
  // What has no rows cannot be made smaller here: the limit of every answer refuses it.
  if (Records.length === 0 || bytesOf(rest) <= limit) return rest;
  const upTo = (row: number): Answer => ({
    ...page,
    Records: Records.slice(start.row, row),
    NextToken: tokenOf({ ...start, row }),
  });
  const frame = bytesOf({ ...upTo(start.row), NextToken: tokenOf({ ...start, row: MAX_ROW }) });
  const count = countFitting(rest.Records, limit - frame);
  if (count === 0) throw rowTooLarge(start.row, bytesOf(rest.Records[0]), limit);
  return upTo(start.row + count);
};

/** As many digits as a token of ours takes; a page of the Data API has no more than 15 MB. */
const MAX_ROW = 999_999_999;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const countFitting = (rows: readonly unknown[], room: number): number => {
  let left = room;
  const at = rows.findIndex((row) => {
    left -= bytesOf(row) + ','.length;
    return left < 0;
  });
  return at === -1 ? rows.length : at;
};

const rowTooLarge = (row: number, bytes: number, limit: number): ResponseTooLarge =>
  new ResponseTooLarge(
    `row ${row} of this page of the result has ${bytes} bytes, more than fits into a state (${limit}, of which the description of the columns takes some); select fewer columns, or UNLOAD them to S3`,
  );

const strangeToken = (start: PageStart): InvalidRequest =>
  new InvalidRequest('nextToken', 'must be of the same statement: its result has no such row', tokenOf(start));
