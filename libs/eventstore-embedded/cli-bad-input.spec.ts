import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { checkEventStore, runEventStoreCommand, type EventStoreCommandArguments } from './cli.js';

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'eventstore-cli-')); });
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (more: Partial<EventStoreCommandArguments>) => runEventStoreCommand({ data: join(dir, 'log'), port: 0, ...more }, () => undefined);

describe('a command of the event store that cannot be carried out', () => {
  it.each<[string, Partial<EventStoreCommandArguments>, RegExp]>([
    ['half a certificate', { tlsCert: 'a.crt' }, /^--tls-cert and --tls-key belong together\.$/],
    ['a certificate that is not there', { tlsCert: '/nowhere/a.crt', tlsKey: '/nowhere/a.key' }, /^The certificate \/nowhere\/a\.crt cannot be read \(ENOENT\)\.$/],
    ['a certificate that is none', { tlsCert: import.meta.filename, tlsKey: import.meta.filename }, /cli-bad-input\.spec\.ts holds no certificate in PEM form/],
    ['a user without a password', { user: ['ops:'] }, /^--user takes name:password\.$/],
    ['users without TLS', { user: ['ana:secret'] }, /^Users need TLS/],
    ['an address to advertise that is none', { advertise: 'http://here' }, /^--advertise takes host or host:port\.$/],
    ['a user without a name', { user: [':secret'] }, /^--user takes name:password\.$/],
  ])('says what is wrong with %s, and opens nothing', async (_, more, sentence) => {
    await expect(run(more)).rejects.toThrow(sentence);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('names the port that is taken, and lets go of the directory', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
    const { port } = other.address() as AddressInfo; // it listens on TCP
    // grpc-js has a line of its own for this, which tells less than the sentence does.
    const ways = [jest.spyOn(console, 'error').mockImplementation(() => undefined), jest.spyOn(process.stderr, 'write').mockImplementation(() => true)];
    await expect(run({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another port.`);
    for (const way of ways) {
      expect(way).not.toHaveBeenCalled();
      way.mockRestore();
    }
    expect(readdirSync(join(dir, 'log'))).not.toContain('writer.lock');
    await new Promise((resolve) => { other.close(resolve); });
  });

  it.each<[string, string, string]>([
    ['an address of another machine', '203.0.113.1', '203.0.113.1 is not an address of this machine.'],
    ['a host that nobody knows', 'nowhere.invalid', 'There is no host nowhere.invalid.'],
  ])('names %s', async (_, host, sentence) => {
    await expect(run({ host })).rejects.toThrow(sentence);
  });

  it('checks no directory that is not there', () => {
    expect(() => checkEventStore(join(dir, 'nowhere'))).toThrow(`There is no directory "${join(dir, 'nowhere')}".`);
  });

  it('does not call a directory sound that holds no log', () => {
    expect(() => checkEventStore(dir)).toThrow(`There is no event log in ${dir}`);
    expect(readdirSync(dir)).toEqual([]);
  });
});
