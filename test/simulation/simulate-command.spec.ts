import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApp } from '../../apps/api/src/create-app.js';
import { simulateCommand } from '../../apps/cli/src/commands/simulate.js';
import { runCli } from '../../apps/cli/src/main.js';
import { CliError } from '../../apps/cli/src/terminal.js';
import { DispatchModule } from '../../libs/dispatch/dispatch.module.js';
import { contexts } from '../../libs/domain/contexts.js';
import { leadContext } from '../../libs/domain/lead/lead.context.js';
import { CaptureLead } from '../../libs/domain/lead/commands.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';
import { transact, type Ledger } from '../../libs/eventstore/transact.js';
import { build } from '../../libs/kernel/command.js';
import { CLOCK_HOLD, type ClockHold } from '../../libs/simulation/clock-hold.js';
import { SimulationController } from '../../libs/simulation/simulation.controller.js';
import { unfinishedSimulation } from '../../libs/simulation/unfinished.js';
import { ownEventStore, type TestEventStore } from '../support/event-store.js';

const TIMEOUT_MS = 120_000;
class SimulationOnlyModule {}

describe('pipeledger simulate', () => {
  let store: TestEventStore;
  let ledger: Ledger;
  let app: Awaited<ReturnType<typeof createApp>>;
  let url: string;
  const held: string[] = [];
  let [whenHeld, whenReleased] = [(): void => undefined, (): void => undefined];
  const clock: ClockHold = {
    hold: async () => {
      held.push('held');
      whenHeld();
      return async () => { held.push('released'); whenReleased(); };
    },
  };

  beforeAll(async () => {
    store = await ownEventStore();
    const log = new EventLog(connectEventStore(store.url), new Codec(contexts));
    ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
    app = await createApp({ module: SimulationOnlyModule, imports: [DispatchModule.for(contexts, ledger)], controllers: [SimulationController], providers: [{ provide: CLOCK_HOLD, useValue: clock }] }, 'test');
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo; // it listens on TCP
    url = `http://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    await app.close();
    await disconnectEventStore();
    await store.stop();
  });

  async function run(...words: string[]): Promise<{ readonly code: number | undefined; readonly out: string; readonly err: string }> {
    let [code, out, err]: [number | undefined, string, string] = [undefined, '', ''];
    const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), errIsTty: false, env: { PIPELEDGER_URL: url }, nowMs: () => performance.now() };
    await simulateCommand(terminal, (exitCode) => { code = exitCode; }).parseAsync([...words], { from: 'user' });
    return { code, out, err };
  }

  it('plays a company, says that it is made up, and holds the clock meanwhile', async () => {
    const { code, out, err } = await run('--seed', '9', '--months', '1', '--team', '3', '--events', '500', '--end', '2026-11-01');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^[\d,]+ events written/);
    expect(out).toContain('simulation-9-1m-3p-2026-11-01-500e');
    expect(held).toEqual(['held', 'released']);
  }, TIMEOUT_MS);

  it('changes nothing when it is run again', async () => {
    const { code, out } = await run('--seed', '9', '--months', '1', '--team', '3', '--events', '500', '--end', '2026-11-01');
    expect(code).toBe(0);
    expect(out).toMatch(/^0 events written, [\d,]+ commands were in already/);
  }, TIMEOUT_MS);

  it('does not mix with what is real, unless forced to', async () => {
    const command = build(CaptureLead, { leadId: 'a-real-lead', source: 'web', company: 'Real' });
    await transact(ledger, leadContext, [{ command, commandId: 'real-1', actor: { id: 'ada', role: 'coordinator' } }]);
    const words = ['--seed', '9', '--months', '1', '--team', '3', '--events', '500', '--end', '2026-11-01'];
    await expect(run(...words)).rejects.toThrow(/holds other data.*LeadCaptured in lead-a-real-lead/s);
    expect((await run(...words, '--force')).code).toBe(0);
  }, TIMEOUT_MS);

  it('says what an interrupted one leaves behind, and goes on from there', async () => {
    const words = ['--seed', '10', '--months', '1', '--team', '3', '--events', '500', '--end', '2026-11-01', '--force'];
    const released = new Promise<void>((resolve) => { whenReleased = resolve; });
    whenHeld = () => void process.emit('SIGINT');
    const { code, out, err } = await run(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Interrupted.*Run the same command again to go on.*the engine marks nothing in it as late\.$/m);
    await released;
    whenHeld = () => undefined;
    expect((await run(...words)).code).toBe(0);
  }, TIMEOUT_MS);

  it('says force in the command that plays the rest of one among other data', async () => {
    const command = build(CaptureLead, { leadId: 'a-made-up-lead', source: 'web', company: 'Made up' });
    await transact(ledger, leadContext, [{ command, commandId: 'made-up-1', correlationId: 'simulation-11-1m-3p-2026-11-01', occurredAt: '2026-10-05T09:00:00.000Z', actor: { id: 'sim-ada', role: 'coordinator' } }]);
    expect(await unfinishedSimulation(ledger.log)).toMatchObject({ until: '2026-10-05', command: 'pipeledger simulate --seed 11 --months 1 --team 3 --end 2026-11-01 --force' });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a seed that is no number', ['--seed', 'x'], /--seed.*whole number/],
    ['a seed below nothing', ['--seed', '-1'], /--seed.*whole number/],
    ['a seed that is too large', ['--seed', '4294967296'], /seed/],
    ['no months', ['--months', '0'], /months/],
    ['an option that there is not', ['--speed', '2'], /unknown option '--speed'/],
    ['an engine that does not run', ['--url', 'http://127.0.0.1:9'], /^The engine does not answer at http:\/\/127.0.0.1:9: start it with npm start/],
  ])('answers %s with a sentence and exit code 2, and writes nothing', async (_, words, sentence) => {
    const head = await ledger.log.head();
    let [out, err] = ['', ''];
    const code = await runCli(['simulate', ...words], { out: (text) => void (out += text), err: (text) => void (err += text), errIsTty: false, env: { PIPELEDGER_URL: url }, nowMs: () => performance.now() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(sentence);
    // The sentence, what was perhaps meant, and where help is.
    expect(err.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(3);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await ledger.log.head()).toBe(head);
  });

  it('names what is wrong with what was asked for', async () => {
    await expect(run('--team', '2')).rejects.toThrow(/team/);
    await expect(run('--end', '2199-01-01')).rejects.toThrow(/end must be today or earlier/);
    await expect(run('--url', 'http://127.0.0.1:9')).rejects.toThrow(CliError);
  });
});
