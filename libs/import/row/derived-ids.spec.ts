import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ID_PATTERN } from '../../kernel/fields.js';
import { idOfKey, importCommandId } from './derived-ids.js';

const key = fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('Ada Byron', 'Ada_Byron', 'Ada-Byron', 'a:b', 'a', 'b', '~5f', '_', 'ß', 'É')), { minLength: 1, maxLength: 3 });

describe('the id that a key gives', () => {
  it('is readable where the key is plain', () => {
    expect(idOfKey('', ['1C1I7A6R'])).toBe('1C1I7A6R');
    expect(idOfKey('', ['Ada Byron'])).toBe('Ada_Byron');
    expect(idOfKey('crm-', ['Ann-Marie O’Neil'])).toMatch(/^[0-9a-f-]{36}$/);
    expect(idOfKey('', ["Ann-Marie O'Neil"])).toBe('Ann-Marie_O~27Neil');
    expect(idOfKey('crm-', ['EMEA', '17'])).toBe('crm-EMEA:17');
  });

  it('is an id that every command takes', () => {
    fc.assert(fc.property(key, (texts) => ID_PATTERN.test(idOfKey('', texts))));
    expect(idOfKey('', ['x'.repeat(500)])).toMatch(ID_PATTERN);
  });

  it('is never shared by two keys', () => {
    fc.assert(fc.property(key, key, (one, other) => JSON.stringify(one) === JSON.stringify(other) || idOfKey('', one) !== idOfKey('', other)), { numRuns: 2_000 });
    expect(idOfKey('', ['Ada Byron'])).not.toBe(idOfKey('', ['Ada_Byron']));
    expect(idOfKey('', ['a:b'])).not.toBe(idOfKey('', ['a', 'b']));
  });
});

describe('the id of a command', () => {
  it('follows from source, step, command and key, and from each of them', () => {
    const ids = [importCommandId('crm', 'deals', 'open', ['1']), importCommandId('crm2', 'deals', 'open', ['1']), importCommandId('crm', 'deal', 'open', ['1']), importCommandId('crm', 'deals', 'close', ['1']), importCommandId('crm', 'deals', 'open', ['2'])];
    expect(new Set(ids).size).toBe(ids.length);
    expect(importCommandId('crm', 'deals', 'open', ['1'])).toBe(ids[0]);
  });
});
