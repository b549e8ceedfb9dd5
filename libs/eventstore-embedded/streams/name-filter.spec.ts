import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EventStore } from './event-store.js';
import { type FilterExpression, InvalidFilterError, NameFilter } from './name-filter.js';

describe('a filter on names', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'eventstore-filter-'));
  const streams = ['order-1', 'Order-2', 'invoice-1', `${'a'.repeat(40)}!`];
  let store: EventStore;
  beforeAll(async () => {
    store = new EventStore({ dataDir, durable: false });
    const nothing = new Uint8Array(0);
    for (const stream of streams) await store.append(stream, 'any', [{ id: randomBytes(16), type: `${stream}Type`, isJson: false, data: nothing, metadata: nothing }]);
  });
  afterAll(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  function matching(expression: Partial<FilterExpression>): string[] {
    const filter = new NameFilter(store, { on: 'stream', regex: '', prefixes: [], ...expression });
    filter.prepare(0, streams.length);
    return streams.filter((_, ordinal) => filter.matches(ordinal));
  }

  it.each([
    ['any of several prefixes', { prefixes: ['inv', 'order'] }, ['order-1', 'invoice-1']],
    ['a prefix of the type', { on: 'type', prefixes: ['order-1T'] }, ['order-1']],
    ['an expression anywhere in the name', { regex: 'ice' }, ['invoice-1']],
    ['an anchored expression', { regex: '^order-\\d$' }, ['order-1']],
    ['an expression that ignores case, in the real server’s way of saying it', { regex: '(?i)^order' }, ['order-1', 'Order-2']],
    ['nothing', {}, []],
  ] as [string, Partial<FilterExpression>, string[]][])('matches %s', (_, expression, expected) => {
    expect(matching(expression)).toEqual(expected);
  });

  it('that is no expression is refused', () => {
    expect(() => matching({ regex: '(' })).toThrow(InvalidFilterError);
  });

  it('that backtracks for ever is stopped', () => {
    expect(() => matching({ regex: '^(a+)+$' })).toThrow(/backtracks too much/);
  });
});
