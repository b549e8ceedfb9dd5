import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { checkEventStore, runEventStoreCommand, type EventStoreCommandArguments } from './cli.js';

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'eventstore-cli-')); });
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (more: Partial<EventStoreCommandArguments>) => runEventStoreCommand({ data: join(dir, 'log'), port: 0, ...more }, () => undefined);

describe('a command of the event store that cannot be carried out', () => {
  it.each<[string, Partial<EventStoreCommandArguments>, RegExp]>([
    ['half a certificate', { tlsCert: 'a.crt' }, /^--tls-cert and --tls-key belong together\.$/],
    ['a certificate that is not there', { tlsCert: '/nowhere/a.crt', tlsKey: '/nowhere/a.key' }, /^--tls-cert cannot be read: .*a\.crt/],
    ['a user without a password', { user: ['ops:'] }, /^--user takes name:password\.$/],
    ['a user without a name', { user: [':secret'] }, /^--user takes name:password\.$/],
  ])('says what is wrong with %s, and opens nothing', async (_, more, sentence) => {
    await expect(run(more)).rejects.toThrow(sentence);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('names the port that is taken, and lets go of the directory', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
    const { port } = other.address() as AddressInfo; // it listens on TCP
    await expect(run({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    expect(readdirSync(join(dir, 'log'))).not.toContain('writer.lock');
    await new Promise((resolve) => { other.close(resolve); });
  });

  it('checks no directory that is not there', () => {
    expect(() => checkEventStore(join(dir, 'nowhere'))).toThrow(`There is no directory ${join(dir, 'nowhere')}.`);
  });
});
