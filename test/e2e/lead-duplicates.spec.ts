import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ForgetContact } from '../../libs/domain/contact/commands.js';
import { CaptureLead, MergeLead } from '../../libs/domain/lead/commands.js';
import { fieldOf } from '../support/api.js';
import { problemIn } from '../support/problems.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';

let engine: RunningEngine;

beforeAll(async () => {
  engine = await runningEngine();
}, 120_000);
afterAll(() => engine.stop());

const capture = (leadId: string, fields: object): Promise<number> => engine.carryOut({ command: CaptureLead, fields: { leadId, source: 'web', ...fields } });
const duplicatesOf = async (leadId: string, position: number): Promise<unknown> => fieldOf((await engine.get(`/v1/reports/lead-duplicates?leadId=${leadId}&minPosition=${position}&waitMs=30000`)).body, 'groups');

describe('a lead that was captured before', () => {
  it('is told as soon as it is captured again, and merged by a command', async () => {
    await capture('first', { contactName: 'Bo Lind', contactEmail: 'bo@vela.example', company: 'Vela Marine AG' });
    const captured = await capture('again', { contactName: 'LIND, Bó', company: 'Vela  Marine' });
    expect(await duplicatesOf('again', captured)).toMatchObject([{ by: ['company_and_name'], into: 'first', leads: [{ leadId: 'first' }, { leadId: 'again' }] }]);
    const merged = await engine.carryOut({ command: MergeLead, fields: { leadId: 'again', intoLeadId: 'first' } });
    expect(await duplicatesOf('first', merged)).toEqual([]);
  });

  it('is not told any more once its person is forgotten', async () => {
    await capture('kim', { contactEmail: 'kim@roe.example' });
    const captured = await capture('kim-too', { contactEmail: 'Kim@Roe.Example' });
    expect(await duplicatesOf('kim', captured)).toHaveLength(1);
    const forgotten = await engine.carryOut({ command: ForgetContact, fields: { contactId: 'kim-too' } });
    expect(await duplicatesOf('kim', forgotten)).toEqual([]);
  });

  it.each([['limit', '0'], ['leadId', 'a%20b'], ['email', 'kim@roe.example'], ['minPosition', 'now']])('is not asked for with %s=%s', async (name, value) => {
    expect(await problemIn(engine, await engine.get(`/v1/reports/lead-duplicates?${name}=${value}`))).toEqual({ status: 400, code: 'validation_failed', fields: [name] });
  });
});
