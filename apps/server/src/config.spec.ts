import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { ServedHosts } from '../../../libs/http/served-hosts.js';
import { lastInstantOf } from '../../../libs/kernel/time.js';
import { momentAsked, parseAsOf } from '../../../libs/projector/run-report.js';
import { readArguments } from './arguments.js';
import { ConfigError, readConfig } from './config.js';
import { tryToListen } from './listen.js';
import { coloursWanted } from './log-colours.js';

describe('settings', () => {
  it.each([
    ['HOST', '999.1.1.1'], ['HOST', 'localhost:3000'], ['HOST', 'http://x'], ['HOST', '1.2.3'], ['PORT', 'abc'], ['PORT', '70000'], ['PORT', '0x50'], ['PORT', ' 80'],
    ['PIPELEDGER_PUBLIC_URL', 'sales.example.com'], ['PIPELEDGER_PUBLIC_URL', 'https://x.example/path'], ['PIPELEDGER_PUBLIC_URL', 'ftp://x'], ['PIPELEDGER_HOSTS', 'a.example,http://b'],
    ['ESDB_URL', 'esdb://'], ['ESDB_URL', 'esdb://h:99999'], ['DATABASE_URL', 'postgres://h:99999/x'], ['REDIS_URL', 'redis://h:99999'],
  ])('that cannot be used are named in a sentence: %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
  });

  it('that are set to nothing are not set', () => {
    expect(readConfig({ HOST: '', PORT: '', PIPELEDGER_DATA: '', PIPELEDGER_PUBLIC_URL: '', PIPELEDGER_HOSTS: '' })).toEqual(readConfig({}));
  });

  it('take what is right', () => {
    expect(readConfig({ HOST: '[::1]', PIPELEDGER_PUBLIC_URL: 'https://Sales.example.com:443/', PIPELEDGER_HOSTS: 'a.example, b', ESDB_URL: 'esdb://a:1,b:2,c:3' }))
      .toMatchObject({ host: '::1', publicUrl: 'https://sales.example.com', hosts: ['a.example', 'b'], eventStoreUrl: 'esdb://a:1,b:2,c:3' });
  });

  it('name an address of this machine', async () => {
    await expect(tryToListen({ host: '192.0.2.1', port: 0 })).rejects.toThrow('HOST 192.0.2.1 is not an address of this machine: set it to one that is, or to 0.0.0.0 for all.');
    await expect(tryToListen({ host: '127.0.0.1', port: 0 })).resolves.toBeUndefined();
  });
});

describe('hosts served', () => {
  it.each([
    ['127.0.0.1', 'localhost', true], ['127.0.0.1', '10.0.0.1', false], ['127.0.0.1', 'a.example', true], ['127.0.0.1', 'sales.example.com:8443', true], ['127.0.0.1', 'other.example', false],
    ['0.0.0.0', '10.0.0.1:80', true], ['0.0.0.0', '[fe80::1]', true], ['0.0.0.0', hostname(), true], ['0.0.0.0', 'other.example', false], ['::', '10.0.0.1', true], ['10.0.0.1', '10.0.0.1', true], ['10.0.0.1', '10.0.0.2', false],
  ])('listening on %s: %s is %s', (host, asked, served) => {
    expect(new ServedHosts({ host, hosts: ['a.example'], publicUrl: 'https://sales.example.com' }).serves(asked)).toBe(served);
  });
});

describe('arguments', () => {
  it('ask for the version', () => expect(readArguments(['--version'])).toEqual({ demo: false, help: false, version: true, adoptLog: false }));
});

describe('colours in the log', () => {
  it.each<[Record<string, string>, boolean, boolean]>([
    [{}, true, true], [{}, false, false], [{ NO_COLOR: '1' }, true, false], [{ FORCE_COLOR: '1' }, false, true], [{ FORCE_COLOR: '0' }, true, false], [{ NO_COLOR: '', FORCE_COLOR: '' }, true, true], [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('are for a terminal: %p, %p', (env, isTerminal, wanted) => expect(coloursWanted(env, isTerminal)).toBe(wanted));
});

describe('asOf as a day', () => {
  it.each([
    ['2026-11-01', 'UTC', '2026-11-01T23:59:59.999Z'], ['2026-11-01', 'Europe/Zurich', '2026-11-01T22:59:59.999Z'], ['2026-10-25', 'Europe/Zurich', '2026-10-25T22:59:59.999Z'], ['2026-11-01', 'America/New_York', '2026-11-02T04:59:59.999Z'],
    ['2026-10-24', 'Atlantic/Azores', '2026-10-24T23:59:59.999Z'], ['2026-10-25', 'Atlantic/Azores', '2026-10-26T00:59:59.999Z'], ['2026-10-31', 'America/Havana', '2026-11-01T03:59:59.999Z'],
  ])('is the last millisecond of %s in %s', (day, zone, instant) => expect(lastInstantOf(day, zone)).toBe(instant));

  it('is of the zone asked for, else of the company', async () => {
    const asked = parseAsOf('2026-11-01');
    if (!asked.ok) throw new Error('it is a day');
    const company = async (): Promise<string> => 'Asia/Tokyo';
    expect(await momentAsked(asked.asOf, undefined, company)).toEqual({ time: '2026-11-01T14:59:59.999Z' });
    expect(await momentAsked(asked.asOf, 'UTC', company)).toEqual({ time: '2026-11-01T23:59:59.999Z' });
    expect(parseAsOf('2026-02-30')).toEqual({ ok: false });
  });
});
