import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contexts } from '../../../libs/domain/contexts.js';
import { ScheduleFollowUp } from '../../../libs/domain/follow-up/commands.js';
import { followUpContext } from '../../../libs/domain/follow-up/follow-up.context.js';
import { CaptureLead } from '../../../libs/domain/lead/commands.js';
import { leadContext } from '../../../libs/domain/lead/lead.context.js';
import { AddMember } from '../../../libs/domain/member/commands.js';
import { memberContext } from '../../../libs/domain/member/member.context.js';
import { Codec } from '../../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../../libs/eventstore/connect.js';
import { EventLog } from '../../../libs/eventstore/event-log.js';
import { FactsReader } from '../../../libs/eventstore/stream-reader.js';
import { transact, type Ledger } from '../../../libs/eventstore/transact.js';
import { build, type CommandMessage } from '../../../libs/kernel/command.js';
import type { AnyContext } from '../../../libs/kernel/context.js';
import type { Recorded } from '../../../libs/kernel/event.js';
import { describeOnRedis } from '../../../libs/testing/describe-on-redis.js';
import { startRedis } from '../../../libs/testing/redis-server.js';
import { ownEventStore, type TestEventStore } from '../../support/event-store.js';
import { runScheduler, type RunningScheduler, type SchedulerPlace } from './run-scheduler.js';
import { until } from './until.js';

/** PIPELEDGER_TIMER_FAULTS=long: more follow-ups, killed many times. */
const LONG = process.env['PIPELEDGER_TIMER_FAULTS'] === 'long';
const FOLLOW_UPS = LONG ? 2_000 : 200;
const KILLS = LONG ? 10 : 1;
const AT_ONCE = 32;
const HOUR_MS = 3_600_000;
/** Far enough ahead that a slow machine has stopped a scheduler by then. */
const SOON_MS = 5_000;
const TEST_MS_MAX = LONG ? 590_000 : 100_000;
/** A killed process's locks on alarms run out, and what it was ringing is rung by the next. */
const MARKED_MS_MAX = 60_000;

let eventStore: TestEventStore;
let ledger: Ledger;
let dataDir: string;
let running: RunningScheduler | undefined;
let child: ChildProcess | undefined;

beforeAll(async () => {
  eventStore = await ownEventStore();
  const log = new EventLog(connectEventStore(eventStore.url), new Codec(contexts));
  ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
  await send(memberContext, build(AddMember, { memberId: 'ada', name: 'Ada Quist', role: 'coordinator', zone: 'UTC' }));
  await send(leadContext, build(CaptureLead, { leadId: 'l1', source: 'fair', company: 'Vela Marine' }));
}, 60_000);
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-restart-'));
});
afterEach(async () => {
  await running?.stop();
  await kill();
  running = undefined;
  await rm(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  await disconnectEventStore();
  await eventStore.stop();
});

/** As of an hour ago: on a slow machine, too, a due time lies ahead of its planning. */
async function send(context: AnyContext, command: CommandMessage): Promise<void> {
  const occurredAt = new Date(Date.now() - HOUR_MS).toISOString();
  const outcome = await transact(ledger, context, [{ command, commandId: randomUUID(), actor: { id: 'ada', role: 'coordinator' }, occurredAt }]);
  if (!outcome.accepted) throw new Error(`${command.type}: ${outcome.refusal.code} ${outcome.refusal.detail ?? ''}`);
}

/** Follow-ups with a lead, due `dueMs` from now over `spreadMs`. Their ids hold what an id may hold. */
async function planFollowUps(count: number, dueMs: number, spreadMs: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${randomUUID()}:${index}`);
  const fromMs = Date.now() + dueMs;
  const dueAt = (index: number): string => new Date(fromMs + Math.floor((index * spreadMs) / count)).toISOString();
  for (let from = 0; from < count; from += AT_ONCE) {
    await Promise.all(ids.slice(from, from + AT_ONCE).map((followUpId, index) => send(followUpContext, build(ScheduleFollowUp, { followUpId, subject: { kind: 'lead', id: 'l1' }, ownerId: 'ada', dueAt: dueAt(from + index) }))));
  }
  return ids;
}

const missed = async (id: string): Promise<Recorded[]> => (await ledger.log.read(`followUp-${id}`)).filter(({ type }) => type === 'FollowUpMissed');

async function expectEachMissedOnce(ids: readonly string[]): Promise<void> {
  const pending = [...ids];
  await until(async () => {
    while (pending.length > 0 && (await missed(pending[0]!)).length > 0) pending.shift();
    return pending.length === 0;
  }, MARKED_MS_MAX);
  for (const id of ids) {
    const events = await missed(id);
    expect(events).toHaveLength(1);
    // It says when it was due, and was not recorded before.
    expect(events[0]!.recordedAt >= events[0]!.occurredAt).toBe(true);
  }
}

async function startChild(place: SchedulerPlace): Promise<void> {
  const started = fork('test/integration/timers/run-scheduler.ts', [JSON.stringify(place)], { execArgv: ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-loader.mjs'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child = started;
  await Promise.race([once(started, 'message'), once(started, 'exit').then(() => Promise.reject(new Error('the scheduler did not start')))]);
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a scheduler that was not there when follow-ups fell due', () => {
  it('marks each as missed, once, when it is back', async () => {
    const place = { eventStoreUrl: eventStore.url, dataDir };
    running = await runScheduler(place);
    const dueByMs = Date.now() + SOON_MS;
    const ids = await planFollowUps(5, SOON_MS - 500, 500);
    await running.stop();
    running = undefined;
    await until(() => Promise.resolve(Date.now() > dueByMs + 500), 2 * SOON_MS);
    expect((await Promise.all(ids.map(missed))).flat()).toEqual([]);
    running = await runScheduler(place);
    await expectEachMissedOnce(ids);
  }, TEST_MS_MAX);
});

/** Kills it again and again while it rings. */
async function killedWhileRinging(place: SchedulerPlace): Promise<void> {
  await startChild(place);
  const ids = await planFollowUps(FOLLOW_UPS, 3_000, LONG ? 30_000 : 1_000);
  for (let killed = 1; killed <= KILLS; killed += 1) {
    const next = ids[Math.floor((ids.length * killed) / (KILLS + 1))]!;
    await until(async () => (await missed(next)).length > 0, MARKED_MS_MAX);
    await kill();
    await startChild(place);
  }
  await expectEachMissedOnce(ids);
}

describe('a scheduler that is killed while it rings', () => {
  it(`marks each of ${FOLLOW_UPS} follow-ups once all the same, killed ${KILLS} times`, () => killedWhileRinging({ eventStoreUrl: eventStore.url, dataDir }), TEST_MS_MAX);
});

describeOnRedis('a scheduler on Redis that is killed while it rings', () => {
  it(`marks each of ${FOLLOW_UPS} follow-ups once all the same, killed ${KILLS} times`, async () => {
    const redis = await startRedis();
    try {
      await killedWhileRinging({ eventStoreUrl: eventStore.url, dataDir, redisUrl: redis.url });
    } finally {
      await kill();
      await redis.stop();
    }
  }, TEST_MS_MAX);
});
