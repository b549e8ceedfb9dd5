import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ForgetContact } from '../../libs/domain/contact/commands.js';
import { CaptureLead, DisqualifyLead, QualifyLead } from '../../libs/domain/lead/commands.js';
import { KeyRing, TRUSTED_MS } from '../../libs/personal-data/key-ring.js';
import { KEY_BYTES } from '../../libs/personal-data/seal.js';
import { openSqlKeyStore } from '../../libs/personal-data/sql-key-store.js';
import { openReadStore } from '../../libs/readstore/open-read-store.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { startPostgres, type TestServer } from '../../libs/testing/postgres-server.js';
import { fieldOf, openTestApi, type Headers, type Step, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';

const UNAVAILABLE = { status: 503, code: 'keys_unavailable' };
const master = randomBytes(KEY_BYTES);
let nowMs = 0;
let postgres: TestServer;
let store: ReadStore;
let api: TestApi;
beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
  store = await openReadStore({ databaseUrl: await postgres.database() });
  api = await openTestApi(await KeyRing.open(await openSqlKeyStore(store), master, () => nowMs));
}, 120_000);
afterAll(async () => {
  await api.close();
  await store.close();
  await postgres.stop();
});

const known = randomUUID();
const met = randomUUID();
const capture = (leadId: string, contactName?: string): Step => ({ command: CaptureLead, fields: { leadId, source: 'web', company: 'Vela', ...(contactName && { contactName }) } });
const forget: Step = { command: ForgetContact, fields: { contactId: known } };
const [capturedOnce, forgottenOnce]: Headers[] = [{ 'Idempotency-Key': randomUUID() }, { 'Idempotency-Key': randomUUID() }];
const contactOf = async (leadId: string): Promise<unknown> => fieldOf((await api.log.read(`lead-${leadId}`))[0]!.data, 'contact');
const wrappedKeys = async (subject: string): Promise<readonly object[]> => store.query('SELECT wrapped FROM personal_key WHERE subject = $1', [subject]);

describe('while the PostgreSQL that holds the keys is stopped', () => {
  it('persons whose keys are in use are written about and read, however long it takes', async () => {
    expect((await api.send(capture(known, 'Bo Lind'))).status).toBe(201);
    await postgres.crash();
    nowMs += TRUSTED_MS;
    expect((await api.send({ command: QualifyLead, fields: { leadId: known, note: 'Bo is keen' } })).status).toBe(200);
    expect((await api.log.read(`lead-${known}`)).map(({ data }) => fieldOf(data, 'note'))).toEqual([undefined, 'Bo is keen']);
    expect(await contactOf(known)).toEqual({ name: 'Bo Lind' });
  }, 60_000);

  it('nothing is sealed with a key that is not kept yet: a new person waits, what tells of nobody does not', async () => {
    const head = await api.log.head();
    const refused = await api.send(capture(met, 'Ada Berg'), capturedOnce);
    expect(await problemIn(api, refused)).toMatchObject(UNAVAILABLE);
    expect(refused.headers['retry-after']).toBe('1');
    expect(await api.writtenAfter(head)).toEqual([]);
    expect((await api.send(capture(randomUUID()))).status).toBe(201);
  }, 60_000);

  it('who is forgotten is forgotten here at once, and whoever asked is told that the key is not destroyed yet', async () => {
    expect(await problemIn(api, await api.send(forget, forgottenOnce))).toMatchObject(UNAVAILABLE);
    expect(await contactOf(known)).toEqual({});
    expect((await api.send({ command: DisqualifyLead, fields: { leadId: known, reason: 'no_budget', note: 'Bo has no money' } })).status).toBe(200);
    expect((await api.log.read(`lead-${known}`)).map(({ data }) => fieldOf(data, 'note'))).toEqual([undefined, undefined, undefined]);
  }, 60_000);
});

describe('when it is there again', () => {
  it('the key of who was forgotten meanwhile is destroyed without being asked again, and asking again finds it done', async () => {
    await postgres.restart();
    let keys = await wrappedKeys(known);
    while (JSON.stringify(keys) !== '[{"wrapped":null}]') keys = await wrappedKeys(known); // until the test's time is over
    expect(await api.send(forget, forgottenOnce)).toMatchObject({ status: 200 });
    expect(await wrappedKeys(known)).toEqual([{ wrapped: null }]);
  }, 60_000);

  it('the new person is taken in by the same command, once, and read by the other processes', async () => {
    const head = await api.log.head();
    expect((await api.send(capture(met, 'Ada Berg'), capturedOnce)).status).toBe(201);
    expect(await api.writtenAfter(head)).toEqual(['LeadCaptured']);
    expect(await contactOf(met)).toEqual({ name: 'Ada Berg' });
    const other = await KeyRing.open(await openSqlKeyStore(store), master);
    await other.load([known, met]);
    expect([other.keyOf(known), other.keyOf(met)]).toEqual([null, expect.any(Buffer)]);
  }, 60_000);

  it('who is forgotten then is forgotten for all', async () => {
    expect((await api.send({ command: ForgetContact, fields: { contactId: met } })).status).toBe(200);
    expect(await contactOf(met)).toEqual({});
    expect(await wrappedKeys(met)).toEqual([{ wrapped: null }]);
  }, 60_000);
});
