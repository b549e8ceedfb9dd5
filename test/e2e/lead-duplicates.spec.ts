import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ForgetContact } from '../../libs/domain/contact/commands.js';
import { CaptureLead, MergeLead } from '../../libs/domain/lead/commands.js';
import { fieldOf, requestOf } from '../support/api.js';
import { LOOK_ALIKES_MAX, type CaptureDuplicates } from '../../projections/lead-duplicates/capture-beside.js';
import { misfits } from '../support/json-schema.js';
import { problemIn } from '../support/problems.js';
import { runningEngine, type RunningEngine } from '../support/running-engine.js';

let engine: RunningEngine;

beforeAll(async () => {
  engine = await runningEngine();
});
afterAll(() => engine.stop());

const capture = (leadId: string, fields: object): Promise<number> => engine.carryOut({ command: CaptureLead, fields: { leadId, source: 'web', ...fields } });
const answerTo = async (leadId: string, fields: object): Promise<unknown> => (await engine.raw({ ...requestOf({ command: CaptureLead, fields: { leadId, source: 'web', ...fields } }), headers: { 'Pipeledger-Role': 'coordinator' } })).body;
const duplicatesOf = async (leadId: string, position: number): Promise<unknown> => fieldOf((await engine.get(`/v1/reports/lead-duplicates?leadId=${leadId}&minPosition=${position}&waitMs=30000`)).body, 'groups');

describe('a lead that was captured before', () => {
  it('is told as soon as it is captured again, and merged by a command', async () => {
    await capture('first', { contactName: 'Bo Lind', contactEmail: 'bo@vela.example', company: 'Vela Marine AG' });
    const captured = await capture('again', { contactName: 'LIND, Bó', company: 'Vela  Marine' });
    expect(await duplicatesOf('again', captured)).toMatchObject([{ by: ['company_and_name'], into: 'first', leads: [{ leadId: 'first' }, { leadId: 'again' }] }]);
    const merged = await engine.carryOut({ command: MergeLead, fields: { leadId: 'again', intoLeadId: 'first' } });
    expect(await duplicatesOf('first', merged)).toEqual([]);
  });

  it('is named in the answer to its capture, with what both have in common', async () => {
    const position = await capture('lund', { contactName: 'Ida Lund', contactEmail: 'ida@lund.example', contactPhone: '+45 20 30 40 50', company: 'Lund Sejl ApS' });
    await duplicatesOf('lund', position); // the view holds it by now
    const captured = await answerTo('lund-too', { contactName: 'Lund, Ida', contactEmail: 'IDA@lund.example', contactPhone: '20 30 40 50', company: 'LUND SEJL' });
    const duplicates = Object(fieldOf(captured, 'duplicates')) as CaptureDuplicates;
    expect(duplicates).toMatchObject({ total: 1, leads: [{ leadId: 'lund', by: ['email', 'phone', 'company_and_name'], status: 'open', source: 'web', ownerId: null, company: 'Lund Sejl ApS' }] });
    expect(duplicates.position).toBeGreaterThanOrEqual(position);
    // Where it says that the report is, it is: with the lead that was just captured in it.
    expect(fieldOf((await engine.get(`${duplicates.report}&waitMs=30000`)).body, 'groups')).toMatchObject([{ into: 'lund', leads: [{ leadId: 'lund' }, { leadId: 'lund-too' }] }]);
    expect(fieldOf(await answerTo('alone', { contactEmail: 'alone@roe.example' }), 'duplicates')).toMatchObject({ total: 0, leads: [] });
  });

  it('is not named where the numbers only end alike in two countries', async () => {
    await duplicatesOf('swiss', await capture('swiss', { contactPhone: '+41 77 30 40 60' }));
    expect(fieldOf(await answerTo('german', { contactPhone: '+49 77 30 40 60' }), 'duplicates')).toMatchObject({ total: 0 });
    expect(fieldOf(await answerTo('dialled', { contactPhone: '077 30 40 60' }), 'duplicates')).toMatchObject({ leads: expect.arrayContaining([expect.objectContaining({ leadId: 'swiss', by: ['phone'] })]) });
  });

  it('is one of so many named at most, and counted with all of them', async () => {
    let position = 0;
    for (let nth = 0; nth <= LOOK_ALIKES_MAX; nth += 1) position = await capture(`many-${nth}`, { contactEmail: 'many@roe.example' });
    await duplicatesOf('many-0', position);
    const answer = await answerTo('many-more', { contactEmail: 'many@roe.example' });
    expect(fieldOf(fieldOf(answer, 'duplicates'), 'total')).toBe(LOOK_ALIKES_MAX + 1);
    expect(fieldOf(fieldOf(answer, 'duplicates'), 'leads')).toHaveLength(LOOK_ALIKES_MAX);
  });

  it('is told as the OpenAPI document says', async () => {
    const document = (await engine.get('/openapi.json')).body;
    const into = (node: unknown, ...path: readonly string[]): unknown => path.reduce(fieldOf, node);
    const schema = into(document, 'paths', '/v1/leads', 'post', 'responses', '201', 'content', 'application/json', 'schema');
    const [, besides] = into(schema, 'allOf') as readonly unknown[];
    expect(misfits(besides, await answerTo('schema', { contactEmail: 'many@roe.example' }), () => undefined)).toEqual([]);
    expect(misfits(besides, { duplicates: { leads: 'none' } }, () => undefined)).not.toEqual([]);
    expect(misfits(besides, { duplicates: null }, () => undefined)).toEqual([]);
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
