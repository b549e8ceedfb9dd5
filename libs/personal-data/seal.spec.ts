import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isSealed, KEY_BYTES, seal, SealBroken, unseal } from './seal.js';

const key = randomBytes(KEY_BYTES);
const place = 'event-1 contact.name';

describe('a sealed value', () => {
  it.each([['text', 'Bo Lind'], ['an empty text', ''], ['an object', { street: 'Å 1', zip: 8000 }], ['nothing', null]])('opens as it was: %s', (_, value) => {
    const sealed = seal(key, place, value);
    expect(isSealed(sealed)).toBe(true);
    expect(unseal(key, place, sealed)).toEqual(value);
  });
  it('does not show what it holds, nor that two are the same', () => {
    const [one, other] = [seal(key, place, 'Bo Lind'), seal(key, place, 'Bo Lind')];
    expect(one).not.toEqual(other);
    expect(Buffer.from(one.$sealed.slice(3), 'base64url').toString('latin1')).not.toContain('Lind');
  });
  it('opens in its own place and with its own key only', () => {
    const sealed = seal(key, place, 'Bo Lind');
    expect(() => unseal(key, 'event-2 contact.name', sealed)).toThrow(SealBroken);
    expect(() => unseal(randomBytes(KEY_BYTES), place, sealed)).toThrow(SealBroken);
  });
  it('does not open once a bit of it was changed, or the rest cut off', () => {
    const { $sealed } = seal(key, place, 'Bo Lind');
    const bytes = Buffer.from($sealed.slice(3), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(() => unseal(key, place, { $sealed: `v1.${changed.toString('base64url')}` })).toThrow(SealBroken);
      expect(() => unseal(key, place, { $sealed: `v1.${bytes.subarray(0, index).toString('base64url')}` })).toThrow(SealBroken);
    }
    expect(() => unseal(key, place, { $sealed: `v2.${bytes.toString('base64url')}` })).toThrow(/does not know/);
  });
  it('is told from what only looks like it', () => expect([{ $sealed: 1 }, { sealed: '' }, 'v1.x', null, ['v1.x']].map(isSealed)).toEqual([false, false, false, false, false]));
});
