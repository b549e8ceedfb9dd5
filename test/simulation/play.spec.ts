import { domainEventsOf } from '../../libs/eventstore/engine-events.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import { CommandRegistry } from '../../libs/dispatch/registry.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog, StreamMoved } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import type { Ledger } from '../../libs/eventstore/transact.js';
import type { SimulationOptions } from '../../libs/simulation/options.js';
import { playSimulation, simulationReports, type Engine } from '../../libs/simulation/play.js';
import { RememberingLog } from '../../libs/simulation/remembering-log.js';
import { simulate } from '../../libs/simulation/simulate.js';
import { startApi } from '../support/engine.js';
import { ownEventStore, type TestEventStore } from '../support/event-store.js';

const OPTIONS: SimulationOptions = { seed: 5, months: 2, team: 5, end: '2026-11-01', events: 2_000 };
const TIMEOUT_MS = 900_000;

describe('a simulation on the real event store', () => {
  let store: TestEventStore;
  let engine: Engine & { close(): Promise<void> };

  beforeAll(async () => {
    store = await ownEventStore();
    const { app } = await startApi(store.url);
    engine = { ledger: app.get<Ledger>(LEDGER), registry: app.get(CommandRegistry), close: () => app.close() };
  });

  afterAll(async () => {
    await engine.close();
    await disconnectEventStore();
    await store.stop();
  });

  it('goes on where it was interrupted, and ends with the very log that was worked out', async () => {
    const left = new AbortController();
    for await (const report of simulationReports({ ...engine, options: OPTIONS, signal: left.signal })) if (report.kind === 'progress' && report.percent > 20) left.abort();
    const summary = await playSimulation(engine, OPTIONS);
    expect(summary.refused).toBe(0);
    expect(summary.replayed).toBeGreaterThan(100);
    expect(summary.events).toBeGreaterThan(500);

    const differing: string[] = [];
    let events = 0;
    for await (const chunk of simulate(OPTIONS)) events += chunk.events;
    for (const { stream, types } of await streamsOf(OPTIONS)) {
      const happened = domainEventsOf(await engine.ledger.log.read(stream));
      const stored = happened.map(({ type, correlationId }) => `${type} ${correlationId}`);
      if (stored.join() !== types.map((type) => `${type} ${summary.simulation}`).join()) differing.push(stream);
    }
    expect(differing).toEqual([]);
    expect(events).toBeGreaterThan(summary.events);
  }, TIMEOUT_MS);

  it('writes nothing when it is played again', async () => {
    const head = await engine.ledger.log.head();
    const summary = await playSimulation(engine, OPTIONS);
    expect(summary).toMatchObject({ events: 0, refused: 0, replayed: summary.commands });
    expect(await engine.ledger.log.head()).toBe(head);
  }, TIMEOUT_MS);

  it('notices when somebody else writes to what it remembers', async () => {
    const { log } = engine.ledger;
    const remembering = new RememberingLog(log, () => Date.parse('2026-11-01T00:00:00Z'));
    const event = (id: string) => log.codec.encode({ type: 'LeadScored', data: { leadId: 'x', score: 1 } }, id, {
      $correlationId: 'c', $causationId: 'c', actor: { id: 'ada', role: 'coordinator' }, occurredAt: '2026-10-01T00:00:00.000Z', commandId: 'c', commandHash: 'h',
    });
    remembering.expectNew('lead-remembered');
    expect(await remembering.read('lead-remembered')).toEqual([]);
    await remembering.append('lead-remembered', -1, [event('11111111-1111-4111-8111-111111111111')]);
    expect(await remembering.read('lead-remembered')).toMatchObject([{ ...(await log.read('lead-remembered'))[0], recordedAt: expect.any(String) }]);
    await log.append('lead-remembered', 0, [event('22222222-2222-4222-8222-222222222222')]);
    await expect(remembering.append('lead-remembered', 0, [event('33333333-3333-4333-8333-333333333333')])).rejects.toBeInstanceOf(StreamMoved);
    expect(await remembering.read('lead-remembered')).toHaveLength(2);
  });

  // The last one: a process talks to one event store at a time.
  it('writes the very same events into another store: same seed, same log', async () => {
    const streams = (await streamsOf(OPTIONS)).map(({ stream }) => stream);
    const here = await Promise.all(streams.map((stream) => told(engine.ledger, stream)));
    await disconnectEventStore();
    const other = await ownEventStore();
    try {
      const log = new EventLog(connectEventStore(other.url), engine.ledger.log.codec);
      const ledger: Ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
      await playSimulation({ ledger, registry: engine.registry }, OPTIONS);
      const there = await Promise.all(streams.map((stream) => told(ledger, stream)));
      expect(streams.filter((_, index) => here[index] !== there[index])).toEqual([]);
      expect(here.filter((each) => each !== '[]').length).toBe(streams.length);
      await disconnectEventStore();
    } finally {
      await other.stop();
    }
  }, TIMEOUT_MS);
});

/** All that a stream holds, but for where and when it was written. */
const told = async ({ log }: Ledger, stream: string): Promise<string> => JSON.stringify((await log.read(stream)).map((event) => ({ ...event, position: 0, recordedAt: '' })));

/** Every stream of a simulation with the types of its events. */
async function streamsOf(options: SimulationOptions): Promise<{ readonly stream: string; readonly types: readonly string[] }[]> {
  const types = new Map<string, string[]>();
  for await (const { groups } of simulate(options)) for (const { stream, events } of groups) types.set(stream, [...(types.get(stream) ?? []), ...events.map(({ type }) => type)]);
  return [...types].map(([stream, each]) => ({ stream, types: each }));
}
