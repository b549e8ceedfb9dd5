import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';
import { CaptureLead, QualifyLead, ScoreLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { HistoriesAhead } from '../../libs/eventstore/histories-ahead.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { transact, type Intent, type Ledger, type Outcome } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

const actor = { id: 'clock', role: 'system' } as const;

let store: TestEventStore;
let log: EventLog;
let leadId: string;
/** Streams that were read, in turn. */
let read: string[];
/** One that reads ahead, and one that stands for another process. */
let ledger: Ledger & { readonly ahead: HistoriesAhead };
let elsewhere: Ledger;

beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});
afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

const send = (on: Ledger, command: Intent['command'], commandId: string = randomUUID(), expectedRevision?: number): Promise<Outcome> => transact(on, leadContext, [{ command, commandId, actor }], expectedRevision);
const stream = (): string => `lead-${leadId}`;
const types = async (): Promise<string[]> => (await log.read(stream())).map(({ type }) => type);

beforeEach(async () => {
  const now = (): string => new Date().toISOString();
  const watched = new EventLog(log.client, log.codec);
  watched.read = (name) => {
    read.push(name);
    return log.read(name);
  };
  ledger = { log: watched, facts: new FactsReader(watched), now, ahead: new HistoriesAhead(watched) };
  elsewhere = { log, facts: new FactsReader(log), now };
  leadId = randomUUID();
  read = [];
  await send(elsewhere, build(CaptureLead, { leadId, source: 'fair', company: 'Vela Marine' }));
  ledger.ahead.foresee([{ stream: stream(), neededAt: new Date(Date.now() + 60_000).toISOString() }]);
  await ledger.ahead.settled();
});

describe('transact upon a history that was read ahead', () => {
  it('writes without reading the stream again', async () => {
    expect(await send(ledger, build(QualifyLead, { leadId }))).toMatchObject({ accepted: true, revision: 1 });
    expect(read).toEqual([stream()]);
    expect(await types()).toEqual(['LeadCaptured', 'LeadQualified']);
  });

  it('decides anew where another process has written meanwhile', async () => {
    await send(elsewhere, build(QualifyLead, { leadId }));
    expect(await send(ledger, build(ScoreLead, { leadId, score: 10 }))).toMatchObject({ accepted: true, revision: 2 });
    expect(await types()).toEqual(['LeadCaptured', 'LeadQualified', 'LeadScored']);
  });

  it('writes nothing twice where another process has carried out the same command', async () => {
    const [command, commandId] = [build(QualifyLead, { leadId }), randomUUID()];
    await send(elsewhere, command, commandId);
    await send(elsewhere, build(ScoreLead, { leadId, score: 10 }));
    expect(await send(ledger, command, commandId)).toMatchObject({ accepted: true });
    expect(await types()).toEqual(['LeadCaptured', 'LeadQualified', 'LeadScored']);
  });

  it('refuses nothing on the ground of what it was', async () => {
    const gone = randomUUID();
    ledger.ahead.foresee([{ stream: `lead-${gone}`, neededAt: new Date(Date.now() + 60_000).toISOString() }]);
    await ledger.ahead.settled();
    await send(elsewhere, build(CaptureLead, { leadId: gone, source: 'fair', company: 'Orla' }));
    expect(await send(ledger, build(QualifyLead, { leadId: gone }))).toMatchObject({ accepted: true, revision: 1 });
  });

  it('heeds the revision that the caller saw', async () => {
    await send(elsewhere, build(ScoreLead, { leadId, score: 10 }));
    expect(await send(ledger, build(QualifyLead, { leadId }), randomUUID(), 0)).toMatchObject({ accepted: false, refusal: { code: 'revision_conflict' } });
    expect(await send(ledger, build(QualifyLead, { leadId }), randomUUID(), 1)).toMatchObject({ accepted: true });
  });
});
