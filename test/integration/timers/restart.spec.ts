import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEngine, type Engine } from '../../../apps/server/src/engine.js';
import { describeOnRedis, startRedis } from '../../../libs/testing/redis-server.js';
import { startEngineProcess, until } from './engine-process.js';

/** PIPELEDGER_TIMER_FAULTS=long: more follow-ups, killed many times. */
const LONG = process.env['PIPELEDGER_TIMER_FAULTS'] === 'long';
const FOLLOW_UPS = LONG ? 2_000 : 100;
const KILLS = LONG ? 10 : 1;
const AT_ONCE = 20;
const TEST_MS_MAX = LONG ? 590_000 : 90_000;
/** A killed process's locks on alarms run out, and what it was ringing is rung by the next. */
const MARKED_MS_MAX = LONG ? 300_000 : 60_000;

interface History {
  readonly events: readonly { readonly type: string; readonly occurredAt: string; readonly recordedAt: string }[];
}

let dataDir: string;
/** Where the engine that runs at the moment answers. */
let url: string;
let engine: Engine | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-restart-'));
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

async function startHere(redisUrl?: string): Promise<void> {
  engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir, ...(redisUrl && { redisUrl }) });
  url = engine.url;
}

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() }, body: JSON.stringify(body) });
  if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** A member, a lead, and follow-ups with it; `dueMs` after now, over `spreadMs`. */
async function planFollowUps(count: number, dueMs: number, spreadMs: number): Promise<string[]> {
  await post('/v1/members', { memberId: 'ada', name: 'Ada Quist', role: 'coordinator', zone: 'UTC' });
  await post('/v1/leads', { leadId: 'l1', source: 'fair', company: 'Vela Marine' });
  const ids = Array.from({ length: count }, (_, index) => `f:${index}`);
  const fromMs = Date.now() + dueMs;
  const plan = (id: string, index: number): Promise<void> =>
    post('/v1/follow-ups', { followUpId: id, subject: { kind: 'lead', id: 'l1' }, ownerId: 'ada', dueAt: new Date(fromMs + Math.floor((index * spreadMs) / count)).toISOString() });
  for (let from = 0; from < count; from += AT_ONCE) await Promise.all(ids.slice(from, from + AT_ONCE).map((id, index) => plan(id, from + index)));
  return ids;
}

const history = async (id: string): Promise<History> => await (await fetch(`${url}/v1/follow-ups/${encodeURIComponent(id)}/history`)).json() as History; // the route's answer
const missed = async (id: string): Promise<History['events']> => (await history(id)).events.filter(({ type }) => type === 'FollowUpMissed');

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

describe('an engine that was not there when follow-ups fell due', () => {
  it('marks each as missed, once, when it is back', async () => {
    await startHere();
    const ids = await planFollowUps(5, 2_000, 500);
    await engine?.stop();
    const dueByMs = Date.now() + 2_600;
    await until(() => Promise.resolve(Date.now() > dueByMs), 5_000);
    await startHere();
    await expectEachMissedOnce(ids);
  }, TEST_MS_MAX);
});

describeOnRedis('an engine on Redis that is killed while it rings', () => {
  it(`marks each follow-up once all the same, killed ${KILLS} times among ${FOLLOW_UPS}`, async () => {
    const redis = await startRedis();
    try {
      let killed = await startEngineProcess(dataDir, { REDIS_URL: redis.url });
      url = killed.url;
      const ids = await planFollowUps(FOLLOW_UPS, 8_000, LONG ? 20_000 : 1_000);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const next = ids[Math.floor((ids.length * kill) / (KILLS + 1))]!;
        await until(async () => (await missed(next)).length > 0, MARKED_MS_MAX);
        await killed.kill();
        if (kill < KILLS) {
          killed = await startEngineProcess(dataDir, { REDIS_URL: redis.url });
          url = killed.url;
        }
      }
      await startHere(redis.url);
      await expectEachMissedOnce(ids);
    } finally {
      await engine?.stop();
      engine = undefined;
      await redis.stop();
    }
  }, TEST_MS_MAX);
});
