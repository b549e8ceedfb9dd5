import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readArguments } from '../../apps/server/src/arguments.js';
import { ConfigError } from '../../apps/server/src/config.js';
import { demoOptions, playDemo } from '../../apps/server/src/demo.js';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import { CommandRegistry } from '../../libs/dispatch/registry.js';
import { CaptureLead } from '../../libs/domain/lead/commands.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { disconnectEventStore } from '../../libs/eventstore/connect.js';
import { transact, type Ledger } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import type { SimulationOptions } from '../../libs/simulation/options.js';
import type { Engine } from '../../libs/simulation/play.js';
import { startApi } from '../support/engine.js';
import { ownEventStore, type TestEventStore } from '../support/event-store.js';

const SMALL: SimulationOptions = { seed: 3, months: 1, team: 3, end: '2026-11-01', events: 500 };
const TIMEOUT_MS = 900_000;

describe('npm start -- --demo', () => {
  let store: TestEventStore;
  let engine: Engine & { close(): Promise<void> };
  const lines: string[] = [];
  const play = () => playDemo(engine, (line) => lines.push(line), SMALL);

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

  it('fills an empty store with what is visibly made up', async () => {
    const outcome = await play();
    expect(outcome).toMatchObject({ kind: 'played', refused: 0, simulation: 'simulation-3-1m-3p-2026-11-01-500e', events: expect.any(Number) });
    expect(lines[0]).toContain('Making up a company: 3 people');
    expect(await engine.ledger.log.head()).toBeGreaterThan(0);
  }, TIMEOUT_MS);

  it('adds nothing the second time', async () => {
    const head = await engine.ledger.log.head();
    expect(await play()).toMatchObject({ kind: 'played', events: 0, refused: 0 });
    expect(await engine.ledger.log.head()).toBe(head);
  }, TIMEOUT_MS);

  it('leaves a store alone that holds anything real, and says what', async () => {
    await transact(engine.ledger, leadContext, [{ command: build(CaptureLead, { leadId: 'a-real-lead', source: 'web', company: 'Real' }), commandId: 'real-1', actor: { id: 'ada', role: 'coordinator' } }]);
    const head = await engine.ledger.log.head();
    expect(await play()).toEqual({ kind: 'skipped', holds: expect.stringContaining('LeadCaptured in lead-a-real-lead') });
    expect(await engine.ledger.log.head()).toBe(head);
  }, TIMEOUT_MS);

  it('ends today, so that what is planned and overdue is so now', () => expect(demoOptions('2026-11-26T12:00:00.000Z').end).toBe('2026-11-26'));

  it('is an option; what is not one is named', () => {
    expect(readArguments(['--demo'])).toMatchObject({ demo: true });
    expect(readArguments([])).toMatchObject({ demo: false });
    expect(() => readArguments(['--dmeo'])).toThrow(ConfigError);
    expect(() => readArguments(['--dmeo'])).toThrow(/--dmeo/);
  });
});
