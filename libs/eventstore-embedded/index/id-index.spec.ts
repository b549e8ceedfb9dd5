import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { IdIndex } from './id-index.js';

const EVENTS = 50_000;

describe('the index of event ids', () => {
  it.each([
    ['random ids', () => randomBytes(16)],
    ['ids that count up', (ordinal: number) => counted(ordinal)],
  ])('finds %s, and hardly ever mistakes one for another', (_, idOf) => {
    const index = new IdIndex();
    const ids = Array.from({ length: EVENTS }, (__, ordinal) => idOf(ordinal));
    ids.forEach((id, ordinal) => index.add(id, ordinal));
    expect(ids.every((id, ordinal) => index.candidates(id).includes(ordinal))).toBe(true);
    expect(ids.filter((id) => index.candidates(id).length > 1).length).toBeLessThan(20);
  });

  it('gives the newest of several events with one id first', () => {
    const index = new IdIndex();
    const id = randomBytes(16);
    for (const ordinal of [3, 9, 5]) index.add(id, ordinal);
    expect(index.candidates(id)).toEqual([9, 5, 3]);
  });

  it('forgets what was undone, and only that', () => {
    const index = new IdIndex();
    const ids = Array.from({ length: 1_000 }, () => randomBytes(16));
    ids.forEach((id, ordinal) => index.add(id, ordinal));
    ids.forEach((id, ordinal) => ordinal % 2 === 0 && index.remove(id, ordinal));
    ids.forEach((id, ordinal) => expect(index.candidates(id)).toEqual(ordinal % 2 === 0 ? [] : [ordinal]));
    ids.forEach((id, ordinal) => ordinal % 2 === 0 && index.add(id, ordinal));
    ids.forEach((id, ordinal) => expect(index.candidates(id)).toEqual([ordinal]));
  });
});

function counted(ordinal: number): Buffer {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(ordinal, 12);
  return id;
}
