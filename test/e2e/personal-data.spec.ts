import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine } from '../../apps/server/src/engine.js';
import { LEDGER } from '../../libs/dispatch/command-handlers.js';
import { ForgetContact } from '../../libs/domain/contact/commands.js';
import { CaptureLead, DisqualifyLead } from '../../libs/domain/lead/commands.js';
import { AddMember } from '../../libs/domain/member/commands.js';
import type { Ledger } from '../../libs/eventstore/transact.js';
import { fieldOf, requestOf, aRoleFor, sendRaw, type Step } from '../support/api.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';

const NAME = 'Zephyra Quillfeather';
const contact = { contactName: NAME, contactEmail: 'zephyra@quillfeather.example', contactPhone: '+45 20 99 88 77', note: 'Call her at her sister’s.' };
const captured: Step = { command: CaptureLead, fields: { leadId: 'zq', source: 'web', company: 'Vela', ...contact } };
const again: Step = { command: CaptureLead, fields: { leadId: 'zq-2', source: 'fair', contactEmail: contact.contactEmail } };

/** All that a directory holds, as one text in which plain text would be found. */
async function bytesIn(directory: string): Promise<string> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join('\n');
}

describe('what is known of a person', () => {
  let engine: RunningEngine;
  let before: { readonly position: number; readonly funnel: unknown };
  beforeAll(async () => {
    engine = await runningEngine();
    const position = await engine.carryOut(captured, again, { command: AddMember, fields: { memberId: 'nia', name: 'Nia Featherquill', email: 'nia@here.example', role: 'coordinator', zone: 'UTC' } }, { command: DisqualifyLead, fields: { leadId: 'zq', reason: 'no_budget', note: 'Poor as a church mouse.' } });
    before = { position, funnel: await funnelAt(position) };
  });
  afterAll(() => engine.stop());

  const historyOf = async (path: string): Promise<readonly Record<string, unknown>[]> => (fieldOf((await engine.get(`/v1/${path}/history`)).body, 'events') as readonly { readonly data: Record<string, unknown> }[]).map(({ data }) => data); // the route's own answer
  const duplicates = async (query: string): Promise<unknown> => fieldOf((await engine.get(`/v1/reports/lead-duplicates?waitMs=30000&${query}`)).body, 'total');
  const funnelAt = async (position: number): Promise<unknown> => fieldOf((await engine.get(`/v1/reports/funnel?from=2020-01-01&to=2030-12-31&minPosition=${position}&waitMs=30000`)).body, 'groups');
  const stored = async (stream: string): Promise<string> => {
    const events: unknown[] = [];
    for await (const { event } of engine.log.client.readStream(stream)) events.push(event?.data);
    return JSON.stringify(events);
  };

  it('is read by the program, and by nobody who has the log alone', async () => {
    expect(await historyOf('leads/zq')).toMatchObject([{ leadId: 'zq', company: 'Vela', contact: { name: NAME, email: contact.contactEmail, phone: expect.stringContaining('99') }, note: contact.note }, { note: 'Poor as a church mouse.', reason: 'no_budget' }]);
    expect(await historyOf('members/nia')).toMatchObject([{ name: 'Nia Featherquill', email: 'nia@here.example', zone: 'UTC' }]);
    const log = (await stored('lead-zq')) + (await stored('member-nia'));
    expect(log).toContain('Vela');
    for (const text of [NAME, 'quillfeather', '99 88', 'sister', 'mouse', 'Featherquill', 'nia@here']) expect(log).not.toContain(text);
    expect(await duplicates(`leadId=zq&minPosition=${before.position}`)).toBe(1);
  });

  it('is gone once the person is forgotten, in the past as well, while every figure stays', async () => {
    const forgotten = await engine.carryOut({ command: ForgetContact, fields: { contactId: 'zq', reason: 'requested' } }, { command: ForgetContact, fields: { contactId: 'nia' } });
    expect(await historyOf('leads/zq')).toEqual([{ leadId: 'zq', source: 'web', company: 'Vela', contact: {} }, expect.not.objectContaining({ note: expect.anything() })]);
    expect(await historyOf('members/nia')).toMatchObject([{ name: '(forgotten)', zone: 'UTC' }]);
    expect((await engine.get('/v1/members/nia')).text).not.toContain('Featherquill');
    expect(await historyOf('leads/zq-2')).toMatchObject([{ contact: { email: contact.contactEmail } }]);
    for (const query of [`leadId=zq&minPosition=${forgotten}`, `leadId=zq&asOf=${before.position}`]) expect(await duplicates(query)).toBe(0);
    expect(await funnelAt(forgotten)).toEqual(before.funnel);
  });

  it('is not taken up again for a person who is forgotten', async () => {
    await engine.carryOut({ command: AddMember, fields: { memberId: 'late', name: 'Late Comer', role: 'coordinator', zone: 'UTC' } }, { command: ForgetContact, fields: { contactId: 'zq-3' } }, { command: CaptureLead, fields: { leadId: 'zq-3', source: 'web', ...contact } });
    expect(await historyOf('leads/zq-3')).toEqual([{ leadId: 'zq-3', source: 'web', contact: {} }]);
    expect(await stored('lead-zq-3')).not.toContain('$sealed');
  });

  it('leaves rows that a rebuild brings out again', async () => {
    const response = await fetch(`${engine.url}/v1/projections/lead_duplicates/rebuild`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const lines = (await response.text()).trim().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(lines.at(-1)).toMatchObject({ comparison: { equal: true } });
  });
});

describe('the keys of a data directory', () => {
  let dataDir: string;
  beforeAll(async () => { dataDir = await mkdtemp(join(tmpdir(), 'pipeledger-personal-')); });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  async function withEngine<T>(work: (send: (step: Step) => Promise<void>, ledger: Ledger) => Promise<T>): Promise<T> {
    const engine = await startEngine({ host: '127.0.0.1', port: 0, dataDir });
    try {
      return await work(async (step) => {
        const { status, text } = await sendRaw(engine.url, { ...requestOf(step), headers: { 'Pipeledger-Role': aRoleFor(step.command) } });
        if (status >= 300) throw new Error(text);
      }, engine.app.get<symbol, Ledger>(LEDGER));
    } finally {
      await engine.stop();
    }
  }
  const contactOf = async ({ log }: Ledger): Promise<unknown> => Reflect.get((await log.read('lead-zq'))[0]!.data, 'contact');

  it('open what was sealed before a restart', async () => {
    await withEngine((send) => send(captured));
    expect(await bytesIn(join(dataDir, 'events'))).not.toContain('quillfeather');
    expect(await withEngine((_, ledger) => contactOf(ledger))).toMatchObject({ name: NAME });
  });

  it('are destroyed once more at the next start where a copy brought them back', async () => {
    await cp(join(dataDir, 'keys'), join(dataDir, 'copy'), { recursive: true });
    await withEngine((send) => send({ command: ForgetContact, fields: { contactId: 'zq' } }));
    await rm(join(dataDir, 'keys'), { recursive: true });
    await cp(join(dataDir, 'copy'), join(dataDir, 'keys'), { recursive: true });
    const copied = await bytesIn(join(dataDir, 'keys'));
    expect(await withEngine((_, ledger) => contactOf(ledger))).toEqual({});
    expect(copied).toMatch(/"zq","key"/);
    expect(await bytesIn(join(dataDir, 'keys'))).not.toMatch(/"zq","key"/);
  });

  it('are not used with another master key: the engine says so and does not start', async () => {
    await rm(join(dataDir, 'master.key'));
    await expect(startEngine({ host: '127.0.0.1', port: 0, dataDir })).rejects.toThrow(/wrapped by another master key/);
  });
});
