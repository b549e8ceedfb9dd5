import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from '../../libs/kernel/command.js';
import { contexts } from '../../libs/domain/contexts.js';
import { CaptureLead, QualifyLead, RecordContact, ScoreLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import { memberContext } from '../../libs/domain/member/member.context.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { AppendTooLarge, EventLog, StreamMoved } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { transact, type Intent, type Ledger, type Outcome } from '../../libs/eventstore/transact.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

const NOW = '2026-03-02T09:00:00.000Z';
const actor = { id: 'ada', role: 'coordinator' } as const;

let store: TestEventStore;
let log: EventLog;
let ledger: Ledger;

beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
  ledger = { log, facts: new FactsReader(log), now: () => NOW };
});

afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

const newLead = (leadId: string = randomUUID()) => build(CaptureLead, { leadId, source: 'fair', company: 'Vela Marine' });
const intent = (command: Intent['command'], more: Partial<Intent> = {}): Intent => ({ command, commandId: randomUUID(), actor, ...more });
const accepted = (outcome: Outcome) => {
  if (!outcome.accepted) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome;
};

describe('transact', () => {
  it('writes the events with who, when and why', async () => {
    const command = newLead();
    const outcome = accepted(await transact(ledger, leadContext, [intent(command, { commandId: `c-${command.leadId}`, occurredAt: '2026-03-01T08:00:00.000Z', correlationId: 'fair-2026', causationId: 'import-7' })]));
    const [event] = await log.read(`lead-${command.leadId}`);
    expect(event).toMatchObject({ type: 'LeadCaptured', revision: 0, actor, occurredAt: '2026-03-01T08:00:00.000Z', commandId: `c-${command.leadId}`, correlationId: 'fair-2026', causationId: 'import-7' });
    expect(outcome).toMatchObject({ id: command.leadId, revision: 0, position: event!.position, replayed: false });
    expect(Math.abs(Date.parse(event!.recordedAt) - Date.now())).toBeLessThan(60_000);
  });

  it('answers a command sent again as it did the first time, and writes nothing', async () => {
    const first = intent(newLead());
    const once = accepted(await transact(ledger, leadContext, [first]));
    accepted(await transact(ledger, leadContext, [intent(build(ScoreLead, { leadId: once.id, score: 50 }))]));
    const twice = accepted(await transact(ledger, leadContext, [first]));
    expect(twice).toEqual({ ...once, replayed: true });
    expect(await log.read(once.stream)).toHaveLength(2);
  });

  it('refuses a command id that was used for something else', async () => {
    const first = intent(newLead());
    const once = accepted(await transact(ledger, leadContext, [first]));
    const other = await transact(ledger, leadContext, [{ ...first, command: build(QualifyLead, { leadId: once.id }) }]);
    expect(other).toMatchObject({ accepted: false, refusal: { code: 'command_id_reused', kind: 'conflict' } });
  });

  it('lets exactly one of many writers of one new record win, and tells the others', async () => {
    const leadId = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => transact(ledger, leadContext, [intent(newLead(leadId))])));
    expect(outcomes.filter(({ accepted: yes }) => yes)).toHaveLength(1);
    expect(outcomes.flatMap((outcome) => (outcome.accepted ? [] : [outcome.refusal.code]))).toEqual(Array.from({ length: 15 }, () => 'lead_already_exists'));
    expect(await log.read(`lead-${leadId}`)).toHaveLength(1);
  });

  it('decides anew for those who lose a race, and loses no command', async () => {
    const memberId = `m-${randomUUID()}`;
    accepted(await transact(ledger, memberContext, [intent(build(AddMember, { memberId, name: 'Ada Quist', role: 'coordinator', zone: 'Europe/Zurich' }), { occurredAt: '2026-01-01T00:00:00.000Z' })]));
    const { id: leadId } = accepted(await transact(ledger, leadContext, [intent(newLead(), { occurredAt: '2026-03-01T07:00:00.000Z' })]));
    const contacts = [0, 1, 2, 3, 4].map((minute) => intent(build(RecordContact, { leadId, memberId, channel: 'call', direction: 'outbound' }), { occurredAt: `2026-03-01T08:0${minute}:00.000Z` }));
    const outcomes = await Promise.all(contacts.map((contact) => transact(ledger, leadContext, [contact])));
    expect(outcomes.map(({ accepted: yes }) => yes)).toEqual([true, true, true, true, true]);
    expect((await log.read(`lead-${leadId}`)).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('refuses when the record is not at the revision the caller saw', async () => {
    const { id: leadId } = accepted(await transact(ledger, leadContext, [intent(newLead())]));
    expect(await transact(ledger, leadContext, [intent(build(ScoreLead, { leadId, score: 10 }))], 4)).toMatchObject({ accepted: false, refusal: { code: 'revision_conflict', kind: 'conflict' } });
    expect(accepted(await transact(ledger, leadContext, [intent(build(ScoreLead, { leadId, score: 10 }))], 0)).revision).toBe(1);
  });

  it('carries out all commands of a batch or none', async () => {
    const leadId = randomUUID();
    const refused = await transact(ledger, leadContext, [intent(newLead(leadId)), intent(build(QualifyLead, { leadId })), intent(newLead(leadId))]);
    expect(refused).toMatchObject({ accepted: false, refusal: { code: 'lead_already_exists' } });
    expect(await log.read(`lead-${leadId}`)).toEqual([]);
    const batch = [intent(newLead(leadId)), intent(build(QualifyLead, { leadId }))];
    expect(accepted(await transact(ledger, leadContext, batch)).events.map(({ type }) => type)).toEqual(['LeadCaptured', 'LeadQualified']);
    expect(accepted(await transact(ledger, leadContext, batch)).replayed).toBe(true);
  });

  it('goes on where a batch was extended since it was first sent', async () => {
    const leadId = randomUUID();
    const batch = [intent(newLead(leadId)), intent(build(QualifyLead, { leadId }))];
    accepted(await transact(ledger, leadContext, batch));
    const longer = accepted(await transact(ledger, leadContext, [...batch, intent(build(ScoreLead, { leadId, score: 70 }))]));
    expect(longer).toMatchObject({ revision: 2, replayed: false });
    expect(await log.read(`lead-${leadId}`)).toHaveLength(3);
  });

  it('refuses what is said to happen in the future', async () => {
    expect(await transact(ledger, leadContext, [intent(newLead(), { occurredAt: '2026-03-02T09:10:00.000Z' })])).toMatchObject({ accepted: false, refusal: { code: 'occurred_in_future', kind: 'invalid' } });
  });

  it('never says no on the ground of a remembered fact', async () => {
    const ownerId = `m-${randomUUID()}`;
    const lead = (id: string) => intent(build(CaptureLead, { leadId: id, source: 'web', company: 'Orla', ownerId }));
    expect(await transact(ledger, leadContext, [lead(randomUUID())])).toMatchObject({ accepted: false, refusal: { code: 'owner_unknown' } });
    // Another process adds the member: this one's memory does not know.
    const elsewhere: Ledger = { ...ledger, facts: new FactsReader(log) };
    accepted(await transact(elsewhere, memberContext, [intent(build(AddMember, { memberId: ownerId, name: 'Bo', role: 'coordinator', zone: 'UTC' }))]));
    accepted(await transact(ledger, leadContext, [lead(randomUUID())]));
  });
});

describe('the log', () => {
  it('tells a moved stream from other failures', async () => {
    const { stream } = accepted(await transact(ledger, leadContext, [intent(newLead())]));
    const event = log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score: 1 } }, randomUUID(), { $correlationId: 'c', $causationId: 'c', actor, occurredAt: NOW, commandId: 'c', commandHash: 'h' });
    await expect(log.append(stream, 7, [event])).rejects.toBeInstanceOf(StreamMoved);
  });

  it('says when an append is larger than the event store takes', async () => {
    const event = log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score: 1, model: 'm'.repeat(1_100_000) } }, randomUUID(), { $correlationId: 'c', $causationId: 'c', actor, occurredAt: NOW, commandId: 'c', commandHash: 'h' });
    await expect(log.append(`lead-${randomUUID()}`, -1, [event])).rejects.toBeInstanceOf(AppendTooLarge);
  });

  it('knows its head', async () => {
    const { position } = accepted(await transact(ledger, leadContext, [intent(newLead())]));
    expect(await log.head()).toBeGreaterThanOrEqual(position);
  });
});
