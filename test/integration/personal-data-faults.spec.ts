import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ForgetContact } from '../../libs/domain/contact/commands.js';
import { CaptureLead } from '../../libs/domain/lead/commands.js';
import { openFileKeyStore } from '../../libs/personal-data/file-key-store.js';
import { KeyRing } from '../../libs/personal-data/key-ring.js';
import type { KeyStore } from '../../libs/personal-data/key-store.js';
import { KEY_BYTES } from '../../libs/personal-data/seal.js';
import { openTestApi, type Headers, type Step, type TestApi } from '../support/api.js';
import { problemIn } from '../support/problems.js';

let dir: string;
let keys: KeyStore;
let api: TestApi;
/** Whether the keys can be had. */
let away = false;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pipeledger-key-faults-'));
  keys = await openFileKeyStore(dir);
  const unless = async <T>(work: () => Promise<T>): Promise<T> => {
    if (away) throw new Error('the keys are away');
    return work();
  };
  const failing: KeyStore = { find: (subjects) => unless(() => keys.find(subjects)), add: (added) => unless(() => keys.add(added)), destroy: (subjects) => unless(() => keys.destroy(subjects)), close: () => keys.close() };
  api = await openTestApi(await KeyRing.open(failing, randomBytes(KEY_BYTES)));
});
afterAll(async () => {
  await api.close();
  await keys.close();
  await rm(dir, { recursive: true });
});

const UNAVAILABLE = { status: 503, code: 'keys_unavailable' };

describe('while the keys cannot be had, a command', () => {
  const leadId = randomUUID();
  const capture: Step = { command: CaptureLead, fields: { leadId, source: 'web', contactName: 'Bo Lind' } };
  const sentOnce: Headers = { 'Idempotency-Key': randomUUID() };

  it('about a person is not carried out, says so, and is carried out once when it is sent again', async () => {
    away = true;
    const head = await api.log.head();
    expect(await problemIn(api, await api.send(capture, sentOnce))).toMatchObject(UNAVAILABLE);
    expect(await api.writtenAfter(head)).toEqual([]);
    away = false;
    expect((await api.send(capture, sentOnce)).status).toBe(201);
    expect(await api.writtenAfter(head)).toEqual(['LeadCaptured']);
  });

  it('that tells nothing about a person is carried out', async () => {
    away = true;
    expect((await api.send({ command: CaptureLead, fields: { leadId: randomUUID(), source: 'web', company: 'Vela' } })).status).toBe(201);
    away = false;
  });

  it('that forgets a person says that it is not done yet, and is finished when it is sent again', async () => {
    away = true;
    const once: Headers = { 'Idempotency-Key': randomUUID() };
    const forget: Step = { command: ForgetContact, fields: { contactId: leadId } };
    expect(await problemIn(api, await api.send(forget, once))).toMatchObject(UNAVAILABLE);
    expect((await keys.find([leadId])).get(leadId)).not.toBe('destroyed');
    away = false;
    expect((await api.send(forget, once)).status).toBe(200);
    expect((await keys.find([leadId])).get(leadId)).toBe('destroyed');
    expect((await api.log.read(`lead-${leadId}`))[0]!.data).toMatchObject({ contact: {} });
  });
});
