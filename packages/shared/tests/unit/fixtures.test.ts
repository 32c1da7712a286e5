import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeTrackingItem,
  encodeRefusedMessage,
  encodeStatementEvent,
  encodeTaskRequest,
  encodeTrackingItem,
  encodeUnneededMessage,
  isEndState,
  isExecutionEvent,
  isFailedInvocation,
  isRefusedMessage,
  isResourceEvent,
  isUnneededMessage,
  parseExecutionEvent,
  parseFailedInvocation,
  parseRefusedMessage,
  parseResourceEvent,
  parseStatementEvent,
  parseTaskRequest,
  parseUnneededMessage,
  planResource,
} from '../../src/index.ts';

/**
 * What released versions have written and will go on to write: files are added to fixtures/, none is ever edited. A
 * completer must read what an older invoker has left behind.
 */
const VERSION_1 = new URL('../../fixtures/v1/', import.meta.url);

/** What the next version may write: fields that this one has never heard of, wherever there may be some. */
const NEWER = new URL('../../fixtures/newer/', import.meta.url);

const fixture = (name: string, from = VERSION_1): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(name, from), 'utf8')) as Record<string, unknown>;

const fixtures = (kind: string, from = VERSION_1) =>
  readdirSync(from)
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => ({ name, content: fixture(name, from) }));

describe('version 1', () => {
  it.each(fixtures('item'))('reads and writes $name', ({ content }) => {
    const item = decodeTrackingItem(content);
    const { open, ...attributes } = encodeTrackingItem(item);

    expect(attributes).toEqual(item);
    // In which part of the index it is whoever wrote it has said; that it is in none, its being closed says.
    expect({ ...item, ...('open' in content && { open: content['open'] }) }).toEqual(content);
    expect(open !== undefined).toBe('open' in content);
  });

  it.each(fixtures('event'))('reads $name, and keeps all of it', ({ content }) => {
    const event = parseStatementEvent(content);

    expect(isEndState(event.state)).toBe(true);
    expect(event.received).toEqual(content);
    expect(encodeStatementEvent(event)).toMatchObject(content);
  });

  it.each(fixtures('refused'))('reads and writes $name', ({ content }) => {
    expect(isRefusedMessage(content)).toBe(true);
    expect(encodeRefusedMessage(parseRefusedMessage(content))).toEqual(content);
  });

  it.each(fixtures('execution'))('reads $name', ({ content }) => {
    expect(isExecutionEvent(content)).toBe(true);
    expect(parseExecutionEvent(content)).toMatchObject({ executionArn: content['executionArn'] });
  });

  it.each(fixtures('request'))('reads $name, and knows every field of it', ({ content }) => {
    const { request, ignoredFields } = parseTaskRequest(content);

    expect(ignoredFields).toEqual([]);
    expect(parseTaskRequest(encodeTaskRequest(request)).request).toEqual(request);
    expect(encodeTaskRequest(request)).toMatchObject(content);
  });

  it.each(fixtures('unneeded'))('reads and writes $name', ({ content }) => {
    expect(isUnneededMessage(content)).toBe(true);
    expect(encodeUnneededMessage(parseUnneededMessage(content))).toEqual(content);
  });

  it.each(fixtures('invocation'))('reads $name', ({ content }) => {
    expect(isFailedInvocation(content)).toBe(true);
    expect(isResourceEvent(parseFailedInvocation(content).payload)).toBe(true);
  });

  it.each(fixtures('resource'))('reads $name, and plans what is to be run', ({ content }) => {
    expect(isResourceEvent(content)).toBe(true);
    const { request } = planResource(parseResourceEvent(content));
    expect(request.sqlStatement).not.toBe('');
    expect(request.callback.requestId).toBe(content['RequestId']);
  });

  it('gives a resource the id that it had', () => {
    const { physicalResourceId } = planResource(parseResourceEvent(fixture('resource-create.json'))).request.callback;
    expect(physicalResourceId).toBe(fixture('resource-delete.json')['PhysicalResourceId']);
  });

  it('has a fixture of each kind, and none of another', () => {
    const kinds = new Set(readdirSync(VERSION_1).map((name) => name.split('-')[0]));

    const all = ['event', 'execution', 'invocation', 'item', 'refused', 'request', 'resource', 'unneeded'];
    expect([...kinds].sort()).toEqual(all);
  });
});

describe('a newer version', () => {
  it.each(fixtures('item', NEWER))('may put what it likes into $name: it is kept', ({ content }) => {
    expect(encodeTrackingItem(decodeTrackingItem(content))).toEqual(content);
  });

  it.each(fixtures('event', NEWER))('may have more in $name: it is passed on', ({ content }) => {
    expect(encodeStatementEvent(parseStatementEvent(content))).toEqual(content);
  });

  it('may have more in the message of an execution: it is ignored', () => {
    const name = 'execution-aborted.json';
    expect(parseExecutionEvent(fixture(name, NEWER))).toEqual(parseExecutionEvent(fixture(name)));
  });

  it('may have more in a refused message: it is ignored', () => {
    const name = 'refused-state-machine.json';
    expect(parseRefusedMessage(fixture(name, NEWER))).toEqual(parseRefusedMessage(fixture(name)));
  });

  it('may ask with fields that are not known here: they are ignored, and named', () => {
    const name = 'request-execute.json';

    const { request, ignoredFields } = parseTaskRequest(fixture(name, NEWER));

    expect(request).toEqual(parseTaskRequest(fixture(name)).request);
    expect(ignoredFields).toEqual(['attempt.mapIndex', 'laterText', 'laterObject']);
  });

  it.each(fixtures('request', NEWER))(
    'says that it is newer in $name: one of ours may not know less',
    ({ content }) => {
      expect(() => parseTaskRequest({ ...content, contractVersion: 1 })).toThrow('is not a field of a request');
    },
  );

  it('has a fixture of each kind', () => {
    const kinds = new Set(readdirSync(NEWER).map((name) => name.split('-')[0]));

    expect([...kinds].sort()).toEqual(['event', 'execution', 'item', 'refused', 'request']);
  });
});
