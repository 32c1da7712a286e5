import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeTrackingItem,
  encodeRefusedMessage,
  encodeStatementEvent,
  encodeTaskRequest,
  encodeTrackingItem,
  isEndState,
  isExecutionEvent,
  isRefusedMessage,
  parseExecutionEvent,
  parseRefusedMessage,
  parseStatementEvent,
  parseTaskRequest,
} from '../../src/index.ts';

/**
 * What released versions have written and will go on to write: files are added to fixtures/, none is ever edited. A
 * completer must read what an older invoker has left behind.
 */
const VERSION_1 = new URL('../../fixtures/v1/', import.meta.url);

const fixtures = (kind: string): { name: string; content: Record<string, unknown> }[] =>
  readdirSync(VERSION_1)
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => ({ name, content: JSON.parse(readFileSync(new URL(name, VERSION_1), 'utf8')) }));

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

  it('has a fixture of each kind, and none of another', () => {
    const kinds = new Set(readdirSync(VERSION_1).map((name) => name.split('-')[0]));

    expect([...kinds].sort()).toEqual(['event', 'execution', 'item', 'refused', 'request']);
  });
});
