import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';
import { CaptureLead, QualifyLead, ScoreLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { APPEND_TIMEOUT_MS, EventLog, StreamMoved } from '../../libs/eventstore/event-log.js';
import type { Intent, Outcome } from '../../libs/eventstore/intent.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { EventStoreUnavailable } from '../../libs/eventstore/unavailable.js';
import { transact, type Ledger } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import { testEventStore, type TestEventStore } from '../support/event-store.js';

const actor = { id: 'ada', role: 'coordinator' } as const;

let store: TestEventStore;
let log: EventLog;

/** A ledger as a process of its own has it: nothing but the event store is shared. */
function aProcess(change: (log: EventLog) => void = () => undefined): Ledger {
  const own = new EventLog(log.client, log.codec);
  change(own);
  return { log: own, facts: new FactsReader(own), now: () => new Date().toISOString() };
}

beforeAll(async () => {
  store = await testEventStore();
  log = new EventLog(connectEventStore(store.url), new Codec(contexts));
});
afterAll(async () => {
  await disconnectEventStore();
  await store.stop();
});

const send = (
  on: Ledger,
  command: Intent['command'],
  more: Partial<Intent> = {},
  expectedRevision?: number,
): Promise<Outcome> =>
  transact(on, leadContext, [{ command, commandId: randomUUID(), actor, ...more }], expectedRevision);
const codeOf = (outcome: Outcome): string =>
  outcome.accepted ? (outcome.replayed ? 'replayed' : 'accepted') : outcome.refusal.code;
const typesOf = async (stream: string): Promise<string[]> => (await log.read(stream)).map(({ type }) => type);
const capture = (leadId: string, company = 'Vela Marine') => build(CaptureLead, { leadId, source: 'fair', company });

async function aLead(on: Ledger): Promise<string> {
  const leadId = randomUUID();
  expect(codeOf(await send(on, capture(leadId)))).toBe('accepted');
  return leadId;
}

describe('a command that had nothing to do', () => {
  const qualify = (leadId: string) => build(QualifyLead, { leadId });
  const score = (leadId: string, points: number) => build(ScoreLead, { leadId, score: points });

  it.each(['in_stream', 'anywhere'] as const)(
    'is found again once others have changed the record (%s)',
    async (repeats) => {
      const one = aProcess();
      const leadId = await aLead(one);
      await send(one, score(leadId, 10));
      const nothing = { commandId: randomUUID(), repeats };
      const first = await send(one, score(leadId, 10), nothing);
      expect(first).toMatchObject({ accepted: true, replayed: false, events: [], revision: 2 });
      await send(one, score(leadId, 20));
      const again = await send(aProcess(), score(leadId, 10), nothing);
      expect(again).toEqual({ ...first, replayed: true });
      expect(await typesOf(`lead-${leadId}`)).toEqual(['LeadCaptured', 'LeadScored', 'CommandAccepted', 'LeadScored']);
    },
  );

  it('is found again among the commands of a row', async () => {
    const one = aProcess();
    const leadId = await aLead(one);
    await send(one, score(leadId, 10));
    const row = [score(leadId, 10), qualify(leadId)].map((command) => ({ command, commandId: randomUUID(), actor }));
    expect(await transact(one, leadContext, row)).toMatchObject({
      events: [{ type: 'LeadQualified' }],
      replayed: false,
    });
    await send(one, score(leadId, 20));
    expect(await transact(one, leadContext, row)).toMatchObject({
      events: [{ type: 'LeadQualified' }],
      replayed: true,
    });
    expect((await log.read(`lead-${leadId}`)).filter(({ type }) => type === 'LeadScored')).toHaveLength(2);
  });

  it('leaves nothing in the stream where nobody can send it again', async () => {
    const one = aProcess();
    const leadId = await aLead(one);
    await send(one, qualify(leadId));
    const outcome = await send(one, qualify(leadId), { repeats: 'never' });
    expect(outcome).toMatchObject({ accepted: true, events: [], revision: 1 });
    expect(await typesOf(`lead-${leadId}`)).toEqual(['LeadCaptured', 'LeadQualified']);
  });

  it('does not make a record of a stream', async () => {
    const stream = `lead-${randomUUID()}`;
    const accepted = log.codec.encode({ type: 'CommandAccepted', data: { command: 'QualifyLead' } }, randomUUID(), {
      $correlationId: 'c',
      $causationId: 'c',
      actor,
      occurredAt: '2026-03-01T00:00:00.000Z',
      commandId: 'c',
      commandHash: 'h',
    });
    await log.append(stream, -1, [accepted]);
    expect(await log.exists(stream)).toBe(false);
  });
});

describe('a revision that the caller saw', () => {
  it('is heeded where there is nothing to do', async () => {
    const one = aProcess();
    const leadId = await aLead(one);
    const qualify = build(QualifyLead, { leadId });
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, () => send(one, qualify, { repeats: 'anywhere' }, 0)),
    );
    expect(outcomes.map(codeOf).sort()).toEqual(['accepted', ...Array.from({ length: 15 }, () => 'revision_conflict')]);
  });

  it('is no hindrance to a command that was carried out', async () => {
    const one = aProcess();
    const leadId = await aLead(one);
    const [qualify, again] = [
      build(QualifyLead, { leadId }),
      { commandId: randomUUID(), repeats: 'anywhere' as const },
    ];
    expect(codeOf(await send(one, qualify, again, 0))).toBe('accepted');
    expect(codeOf(await send(one, qualify, again, 0))).toBe('replayed');
  });
});

describe('one key', () => {
  const key = () => ({ commandId: randomUUID(), repeats: 'anywhere' as const });
  const processes = (count: number): Ledger[] => Array.from({ length: count }, () => aProcess());

  it.each([1, 4])('with different bodies at once stands for one of them (%i processes)', async (count) => {
    const [all, same, leadId] = [processes(count), key(), randomUUID()];
    const sent = Array.from({ length: 16 }, (_, index) =>
      send(all[index % count]!, capture(leadId, `Company ${index}`), same),
    );
    const outcomes = await Promise.all(sent);
    expect(outcomes.map(codeOf).sort()).toEqual(['accepted', ...Array.from({ length: 15 }, () => 'command_id_reused')]);
    const winner = outcomes.findIndex(({ accepted }) => accepted);
    expect(await log.read(`lead-${leadId}`)).toMatchObject([{ data: { company: `Company ${winner}` } }]);
  });

  it.each([1, 4])('with different records at once stands for one of them (%i processes)', async (count) => {
    const [all, same] = [processes(count), key()];
    const leadIds = Array.from({ length: 16 }, () => randomUUID());
    const outcomes = await Promise.all(
      leadIds.map((leadId, index) => send(all[index % count]!, capture(leadId), same)),
    );
    expect(outcomes.map(codeOf).sort()).toEqual(['accepted', ...Array.from({ length: 15 }, () => 'command_id_reused')]);
    const written = await Promise.all(leadIds.map((leadId) => log.exists(`lead-${leadId}`)));
    expect(written.filter((exists) => exists)).toHaveLength(1);
  });

  it('stands for another command of another caller', async () => {
    const [one, same] = [aProcess(), key()];
    const [leadId, other] = [randomUUID(), randomUUID()];
    expect(codeOf(await send(one, capture(leadId), same))).toBe('accepted');
    expect(codeOf(await send(one, capture(other), { ...same, actor: { id: 'ben', role: 'coordinator' } }))).toBe(
      'accepted',
    );
    const qualify = build(QualifyLead, { leadId });
    expect(codeOf(await send(one, qualify, { ...same, actor: { id: 'cleo', role: 'coordinator' } }))).toBe('accepted');
  });

  it('is free again once its command was refused, and not before', async () => {
    const [one, same, leadId] = [aProcess(), key(), randomUUID()];
    expect(codeOf(await send(one, build(QualifyLead, { leadId }), same))).toBe('lead_not_found');
    expect(codeOf(await send(one, capture(leadId), same))).toBe('accepted');
    expect(codeOf(await send(one, build(QualifyLead, { leadId }), same))).toBe('command_id_reused');
    expect(codeOf(await send(one, capture(leadId), same))).toBe('replayed');
  });

  it('whose sender crashed before the command had any effect still does what it stands for', async () => {
    const [same, leadId] = [key(), randomUUID()];
    const crashing = aProcess((own) => {
      own.read = (stream) =>
        stream.startsWith('lead-') ? Promise.reject(new EventStoreUnavailable('crash')) : log.read(stream);
    });
    await expect(send(crashing, capture(leadId), same)).rejects.toThrow('crash');
    const one = aProcess();
    expect(codeOf(await send(one, capture(randomUUID()), same))).toBe('command_id_reused');
    expect(codeOf(await send(one, capture(leadId), same))).toBe('accepted');
  });
});

describe('the same command in flight more than once', () => {
  it.each([1, 6])(
    'is carried out once, and nobody is told otherwise (%i processes)',
    async (count) => {
      const same = { commandId: randomUUID(), repeats: 'anywhere' as const };
      const leadId = randomUUID();
      const sent = Array.from({ length: 6 }, () => aProcess()).map((own, index, all) =>
        send(all[index % count] ?? own, capture(leadId), same),
      );
      const outcomes = await Promise.all(sent);
      expect(outcomes.map(({ accepted }) => accepted)).toEqual(outcomes.map(() => true));
      expect(new Set(outcomes.map((outcome) => outcome.accepted && outcome.position)).size).toBe(1);
      expect(await typesOf(`lead-${leadId}`)).toEqual(['LeadCaptured']);
    },
    2 * APPEND_TIMEOUT_MS,
  );
});

describe('an append without an answer', () => {
  const eventOf = () =>
    log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score: 1 } }, randomUUID(), {
      $correlationId: 'c',
      $causationId: 'c',
      actor,
      occurredAt: '2026-03-01T00:00:00.000Z',
      commandId: 'c',
      commandHash: 'h',
    });
  /** A client whose appends are carried out but for their answers, or not at all. */
  const silent = (carriedOut: boolean): EventLog =>
    new EventLog(
      new Proxy(log.client, {
        get: (client, name) => {
          if (name !== 'appendToStream')
            return (Reflect.get(client, name) as (...given: unknown[]) => unknown).bind(client);
          return async (...given: Parameters<typeof client.appendToStream>) => {
            if (carriedOut) await client.appendToStream(...given);
            return new Promise(() => undefined);
          };
        },
      }),
      log.codec,
    );

  it('is answered from its stream', async () => {
    const stream = `lead-${randomUUID()}`;
    const appended = await silent(true).append(stream, -1, [eventOf(), eventOf()]);
    expect(appended).toEqual({ revision: 1, position: (await log.read(stream)).at(-1)!.position });
  });

  it('is a lost race where somebody else has written', async () => {
    const stream = `lead-${randomUUID()}`;
    await log.append(stream, -1, [eventOf()]);
    await expect(silent(false).append(stream, -1, [eventOf()])).rejects.toBeInstanceOf(StreamMoved);
  });

  it(
    'that is not in its stream either is said to be unanswered',
    async () => {
      await expect(silent(false).append(`lead-${randomUUID()}`, -1, [eventOf()])).rejects.toBeInstanceOf(
        EventStoreUnavailable,
      );
    },
    3 * APPEND_TIMEOUT_MS,
  );
});

describe('many commands about one record at once', () => {
  it('take turns, and none is refused', async () => {
    const one = aProcess();
    const leadId = await aLead(one);
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, index) => send(one, build(ScoreLead, { leadId, score: index }))),
    );
    expect(outcomes.map(codeOf)).toEqual(outcomes.map(() => 'accepted'));
    expect(await log.read(`lead-${leadId}`)).toHaveLength(65);
  });
});
