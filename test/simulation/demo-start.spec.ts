import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModels } from '../../apps/projector/src/start-projector.js';
import { planOf } from '../../libs/simulation/options.js';
import { fieldOf, sendRaw } from '../support/api.js';
import { DEMO_COMPANY } from './demo-company.js';
import type { DemoMessage } from './demo-process.js';

const TIMEOUT_MS = 900_000;
const QUARTER = 'from=2026-07-01&to=2026-09-30';

/** How a report is asked, and where in its answer there is more than nothing; `*`: in all of a list together. */
const ASKED: Readonly<Record<string, readonly [query: string, path: readonly string[]]>> = {
  agenda: ['', ['total']],
  'bonus-accrual': ['on=2026-09-15', ['bonuses', '*', 'basis']],
  calendar: [QUARTER, ['total']],
  campaigns: ['', ['campaigns', '*', 'leads']],
  'coordinator-efficiency': [QUARTER, ['scorecards', '0', 'groups', '0', 'followUps', 'due']],
  enablement: [QUARTER, ['wonDealsWithMaterial']],
  funnel: [QUARTER, ['groups', '0', 'winRate', 'won']],
  'lead-duplicates': ['', ['total']],
  retention: [QUARTER, ['groups', '0', 'rates', 'logoRetention', 'denominator']],
  'target-attainment': [QUARTER, ['targets', '*', 'booked']],
  timeline: ['', ['entries', 'length']],
};

function figure(node: unknown, [name, ...rest]: readonly string[]): number {
  if (name === undefined) return Number(node);
  if (name !== '*') return figure(fieldOf(node, name), rest);
  return Array.isArray(node) ? node.reduce<number>((sum, each) => sum + figure(each, rest), 0) : NaN;
}

type Ready = DemoMessage & { readonly kind: 'ready' };

describe('a store that npm start -- --demo fills', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => { dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-demo-')); });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  function start(how: 'demo' | 'plain'): ChildProcess {
    const child = fork('test/simulation/demo-process.ts', [dataDir, how], { execArgv: ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-loader.mjs'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    return child;
  }
  /** The next message of a kind. @throws when the process ends before */
  async function heard<K extends DemoMessage['kind']>(child: ChildProcess, kind: K, wanted: (message: DemoMessage & { kind: K }) => boolean = () => true): Promise<DemoMessage & { kind: K }> {
    const ended = new AbortController();
    child.once('exit', () => ended.abort(new Error('it ended')));
    for await (const [message] of on(child, 'message', { signal: ended.signal }) as AsyncIterable<[DemoMessage]>) if (message.kind === kind && wanted(message as DemoMessage & { kind: K })) return message as DemoMessage & { kind: K }; // its kind was just looked at
    throw new Error('it said no more');
  }
  const headOf = async (child: ChildProcess): Promise<number> => {
    const answer = heard(child, 'head');
    child.send('head');
    return (await answer).head;
  };
  /** Starts the engine on what is there, and stops it after the work. */
  async function started(how: 'demo' | 'plain', work: (ready: Ready, child: ChildProcess) => Promise<void>): Promise<void> {
    const child = start(how);
    const exit = once(child, 'exit');
    try {
      await work(await heard(child, 'ready'), child);
      child.send('stop');
    } catch (error) {
      child.kill('SIGKILL'); // what was not as expected; the next test finds the store free
      throw error;
    } finally {
      await exit;
    }
    expect(await exit).toEqual([0, null]);
  }

  it('holds part of a company when its filling is killed', async () => {
    const child = start('demo');
    // Some days in: people have planned what is overdue by now.
    const { line } = await heard(child, 'line', (message) => /^ *([5-9]|[1-9]\d) % /.test(message.line));
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(line).not.toContain('100 %');
  }, TIMEOUT_MS);

  it('is left as it is by an engine started without the demo, which says what it holds and how that ends', async () => {
    await started('plain', async ({ url, clock }, child) => {
      expect(clock).toMatch(/^held: this store holds an unfinished made-up company \(simulation-9-5m-6p-2026-11-01-3000e: 2026-\d\d-\d\d of 2026-11-01\)/);
      expect(clock).toContain('pipeledger simulate --seed 9 --months 5 --team 6 --end 2026-11-01 --events 3000, or');
      // All that was planned is long overdue by the clock on the wall; a company that is not over knows nothing of that.
      const head = await headOf(child);
      const { body } = await sendRaw(url, { method: 'GET', path: `/v1/reports/agenda?minPosition=${head}&waitMs=30000` });
      expect(fieldOf(body, 'late')).toBeGreaterThan(0);
      expect(await headOf(child)).toBe(head);
    });
  }, TIMEOUT_MS);

  it('is filled to the end by the next start, and every report has something to say', async () => {
    await started('demo', async ({ url, clock, demo }) => {
      expect(demo).toEqual({ kind: 'played', simulation: planOf(DEMO_COMPANY).id, events: expect.any(Number), refused: 0 });
      expect(clock).not.toContain('held');
      expect(Object.keys(ASKED).sort()).toEqual((await readModels()).reports.map(({ name }) => name).sort());
      for (const [report, [query, path]] of Object.entries(ASKED)) {
        const { body } = await sendRaw(url, { method: 'GET', path: `/v1/reports/${report}?${query}` });
        const said = figure(body, path);
        expect({ report, said: said > 0 || said }).toEqual({ report, said: true });
      }
    });
  }, TIMEOUT_MS);

  it('is not filled a second time', async () => {
    await started('demo', async ({ demo }) => expect(demo).toMatchObject({ kind: 'played', events: 0, refused: 0 }));
  }, TIMEOUT_MS);
});
