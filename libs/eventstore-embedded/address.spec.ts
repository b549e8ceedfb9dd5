import { describe, expect, it } from '@jest/globals';

import { bracketed, parseAddress } from './address.js';

describe('an address', () => {
  it.each([
    ['localhost', { host: 'localhost', port: 2113 }],
    ['events.example.com:443', { host: 'events.example.com', port: 443 }],
    ['[::1]:2113', { host: '[::1]', port: 2113 }],
    ['[fe80::1]', { host: '[fe80::1]', port: 2113 }],
    ['::1', undefined],
    ['http://localhost', undefined],
    ['', undefined],
    ['localhost:', undefined],
  ])('%s is read', (text, address) => expect(parseAddress(text, 2113)).toEqual(address));

  it.each([['::1', '[::1]'], ['[::1]', '[::1]'], ['127.0.0.1', '127.0.0.1'], ['localhost', 'localhost']])('%s stands as %s in front of a port', (host, text) => {
    expect(bracketed(host)).toBe(text);
  });
});
