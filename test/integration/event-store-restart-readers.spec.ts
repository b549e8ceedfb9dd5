import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockDirectory } from '../../libs/data-directory/lock.js';
import { contexts } from '../../libs/domain/contexts.js';
import { CaptureLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { keepEventStoreServer } from '../../libs/eventstore-embedded/kept-server.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { EventStoreLogSource } from '../../libs/eventstore/subscription.js';
import { transact, type Ledger } from '../../libs/eventstore/transact.js';
import { EventStoreUnavailable } from '../../libs/eventstore/unavailable.js';
import { build } from '../../libs/kernel/command.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-restarts-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));
afterAll(disconnectEventStore);

describe('an event store whose process is killed', () => {
  it('comes back on its port: nothing acknowledged is lost, readers go on, whoever asks meanwhile is told to ask again', async () => {
    const said: string[] = [];
    const server = await keepEventStoreServer({ dataDir }, (message) => said.push(message));
    const log = new EventLog(
      connectEventStore(server.connectionString),
      new Codec(contexts),
    );
    const ledger: Ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    const capture = async (): Promise<void> => {
      const [leadId, commandId] = [randomUUID(), randomUUID()];
      const command = build(CaptureLead, { leadId, source: 'web', company: 'Orla' });
      const actor = { id: 'ada', role: 'admin' } as const;
      await transact(ledger, leadContext, [{ command, commandId, actor }]).then(
        (outcome) => outcome.accepted && acknowledged.push(leadId),
        (error: unknown) => refused.push(error),
      );
    };
    const seen: string[] = [];
    const done = new AbortController();
    const reading = (async () => {
      const source = new EventStoreLogSource(log);
      const wanted = { afterPosition: null, eventTypes: ['LeadCaptured'], signal: done.signal };
      for await (const { events } of source.subscribe(wanted))
        for (const { stream } of events) seen.push(stream.slice('lead-'.length));
    })();

    for (let round = 1; round <= 2; round += 1) {
      const before = acknowledged.length;
      const pid = server.pid();
      process.kill(pid ?? 0, 'SIGKILL');
      // Until the new process has taken commands again.
      while (server.pid() === pid || acknowledged.length === before) await capture();
    }
    while (acknowledged.some((leadId) => !seen.includes(leadId))) await delay(20);
    done.abort();
    await reading;
    expect(refused.filter((error) => !(error instanceof EventStoreUnavailable))).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(said.filter((message) => message.includes('(SIGKILL)'))).toHaveLength(2);
    await disconnectEventStore();
    await server.stop();
    lockDirectory(dataDir).release();
  });
});
