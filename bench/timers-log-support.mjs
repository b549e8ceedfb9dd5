// Deadlines planned in an event store, and what its log tells of them afterwards.
import { randomUUID } from 'node:crypto';

import { CaptureLead } from '../libs/domain/lead/commands.ts';
import { leadContext } from '../libs/domain/lead/lead.context.ts';
import { AddMember } from '../libs/domain/member/commands.ts';
import { memberContext } from '../libs/domain/member/member.context.ts';
import { contexts } from '../libs/domain/contexts.ts';
import { Codec } from '../libs/eventstore/codec.ts';
import { connectEventStore } from '../libs/eventstore/connect.ts';
import { EventLog } from '../libs/eventstore/event-log.ts';
import { FactsReader } from '../libs/eventstore/stream-reader.ts';
import { EventStoreLogSource } from '../libs/eventstore/subscription.ts';
import { transact } from '../libs/eventstore/transact.ts';
import { build } from '../libs/kernel/command.ts';

const DAY_MS = 86_400_000;
const APPENDS_AT_ONCE = 64;
/** From the planning to the first ring: the engine starts, takes in what was planned, and is quiet. */
const START_MS = 15_000;
const TAKE_IN_MS_EACH = 8;
/** So long before the first ring all must be taken in. */
export const QUIET_MS = 3_000;
/** The log is looked at this often, once every deadline has rung; a log that stands still for QUIET_LOOKS_MAX looks is all there will be. */
const LOOK_MS = 1_000;
const QUIET_LOOKS_MAX = 20;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follow-ups of a company of one, each missed so many milliseconds after one moment to come. Written as their commands write them. */
export async function plan(url, offsetsMs) {
  const log = new EventLog(connectEventStore(url), new Codec(contexts));
  const ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
  const firstMs = Date.now() + START_MS + offsetsMs.length * TAKE_IN_MS_EACH;
  const occurredAt = new Date(firstMs - DAY_MS).toISOString();
  const actor = { id: 'ada', role: 'coordinator' };
  for (const [context, command] of [[memberContext, build(AddMember, { memberId: 'ada', name: 'Ada Quist', role: 'coordinator', zone: 'UTC' })], [leadContext, build(CaptureLead, { leadId: 'l1', source: 'fair', company: 'Vela Marine' })]]) {
    const outcome = await transact(ledger, context, [{ command, commandId: randomUUID(), actor, occurredAt }]);
    if (!outcome.accepted) throw new Error(`${command.type}: ${outcome.refusal.code}`);
  }
  let next = 0;
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, async () => {
    while (next < offsetsMs.length) {
      const [followUpId, commandId, dueAt] = [randomUUID(), randomUUID(), new Date(firstMs + offsetsMs[next++]).toISOString()];
      const event = { type: 'FollowUpScheduled', data: { followUpId, subject: { kind: 'lead', id: 'l1' }, ownerId: actor.id, dueAt, graceMinutes: 0 } };
      const metadata = { $correlationId: commandId, $causationId: commandId, actor, occurredAt, commandId, commandHash: '0'.repeat(32) };
      await log.append(`followUp-${followUpId}`, -1, [log.codec.encode(event, randomUUID(), metadata)]);
    }
  }));
  return { log, count: offsetsMs.length, firstMs, lastMs: firstMs + Math.max(...offsetsMs) };
}

async function marks(log) {
  const reading = new AbortController();
  const found = [];
  for await (const page of new EventStoreLogSource(log).subscribe({ afterPosition: null, eventTypes: ['FollowUpMissed'], signal: reading.signal })) {
    found.push(...page.events);
    if (page.caughtUp) break;
  }
  reading.abort();
  return found;
}

/** Waits until the log says nothing new, and tells how late each deadline was marked. @throws where one was marked twice, early or not at all */
export async function latenessOf({ log, count, firstMs, lastMs }) {
  await pause(lastMs - Date.now());
  let found = [];
  for (let [quiet, head] = [0, -1]; quiet < QUIET_LOOKS_MAX; ) {
    await pause(LOOK_MS);
    const now = await log.head();
    quiet = now === head ? quiet + 1 : 0;
    head = now;
    if (quiet > 1 && (found = await marks(log)).length >= count) break;
  }
  const streams = new Set(found.map(({ stream }) => stream));
  if (streams.size !== count || found.length !== count) throw new Error(`${count} deadlines, ${found.length} marks on ${streams.size} of them`);
  const latenessMs = found.map(({ recordedAt, occurredAt }) => Date.parse(recordedAt) - Date.parse(occurredAt));
  if (Math.min(...latenessMs) < 0) throw new Error('a deadline was marked before its time');
  return { latenessMs, drainMs: Math.max(...found.map(({ recordedAt }) => Date.parse(recordedAt))) - firstMs };
}
