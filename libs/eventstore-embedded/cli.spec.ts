import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { checkEventStore, describeLogReport, runEventStoreCommand } from './cli.js';
import { startEventStoreServer } from './start-server.js';

describe('the commands of the event store', () => {
  let data: string;
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'eventstore-cli-'));
    const server = await startEventStoreServer({ dataDir: data });
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${server.port}?tls=false`);
    for (let count = 0; count < 3; count++) await client.appendToStream('orders-1', jsonEvent({ type: 'Placed', data: { count } }));
    await client.dispose();
    await server.stop();
  });
  afterEach(() => rmSync(data, { recursive: true }));

  it('check a sound log in two sentences', () => {
    const [summary, verdict] = describeLogReport(checkEventStore(data));
    expect(summary).toMatch(/^3 events of 1 stream in 1 file, \d+ bytes\. Log [\da-f]{32}, cut 0 times\.$/);
    expect(verdict).toBe('Every event is sound.');
  });

  it('check a hurt log event by event', () => {
    const [name = ''] = readdirSync(data).filter((each) => each.endsWith('.events'));
    const bytes = readFileSync(join(data, name));
    const at = bytes.indexOf('{"count":1}');
    bytes.write('7', at + 9);
    writeFileSync(join(data, name), bytes);
    const report = describeLogReport(checkEventStore(data)).join('\n');
    expect(report).toMatch(/the checksum does not match. Restore the file from a copy/);
    expect(report).toMatch(/hurt: orders-1 revision 1/);
  });

  it('name the check, with the directory, where a hurt log keeps the server from starting', async () => {
    const [name = ''] = readdirSync(data).filter((each) => each.endsWith('.events'));
    const bytes = readFileSync(join(data, name));
    bytes.write('7', bytes.indexOf('{"count":1}') + 9);
    writeFileSync(join(data, name), bytes);
    await expect(runEventStoreCommand({ data, port: 0 }, () => undefined)).rejects.toThrow(`Run "pipeledger eventstore check --data ${data}"`);
  });

  it('do not touch a log that is being served', async () => {
    const server = await startEventStoreServer({ dataDir: data });
    expect(() => checkEventStore(data)).toThrow(/in use by process/);
    await server.stop();
  });

  it('refuse arguments that do not fit together', async () => {
    const print = () => undefined;
    await expect(runEventStoreCommand({ data, port: 0, tlsCert: 'server.crt' }, print)).rejects.toThrow(/belong together/);
    await expect(runEventStoreCommand({ data, port: 0, user: ['nobody'] }, print)).rejects.toThrow(/name:password/);
  });

  it('serve until they are told to stop', async () => {
    const lines: string[] = [];
    const told = new Promise<void>((resolve) => {
      void runEventStoreCommand({ data, port: 0, unsafeNoFsync: true }, (line) => {
        lines.push(line);
        // The handlers stand once the address is printed and this turn is over.
        if (line.includes('listens on')) setImmediate(() => process.emit('SIGTERM'));
        if (line.includes('has stopped')) resolve();
      });
    });
    await told;
    expect(lines).toEqual([
      'Appends are acknowledged before they are on disk: a power cut loses what was appended last.',
      'Access lists ($acl) are kept and returned, not enforced: every user may do everything.',
      expect.stringMatching(new RegExp(`^The event store of ${data} \\(3 events\\) listens on esdb://127\\.0\\.0\\.1:\\d+\\?tls=false$`)),
      '\nStopping: answering what is under way …',
      'The event store has stopped.',
    ]);
  });
});
