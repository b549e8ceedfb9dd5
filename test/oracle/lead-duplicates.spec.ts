import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { leadDuplicates } from '../../projections/lead-duplicates/lead-duplicates.projection.js';
import { leadDuplicatesStatus } from '../../projections/lead-duplicates/lead-duplicates.report.js';
import { steps, type Step } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { compareDuplicates, type DuplicatesAsked } from './lead-duplicates.compare.js';
import type { Reader } from './lead-duplicates.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_500;
const QUESTIONS = 12;
const PAGE = 7;
const OWNERS = ['ada', 'ben', 'cyd'];
/** How many there are of each: enough that most leads are alone. */
const PEOPLE = 400;
const STARTS_AT = Date.UTC(2026, 2, 1);
const iso = (ms: number): string => new Date(ms).toISOString();

/*
 * Which spellings mean the same is said here by who wrote them, not worked out from the text: the nth person is spelt in one of
 * several ways, and the oracle remembers whose each spelling was.
 */
const meant = new Map<string, string>();
const spelt = (whose: string, ...ways: readonly string[]): readonly string[] => { for (const way of ways) meant.set(way, whose); return ways; };
const word = (nth: number): string => [...String(nth)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
const emails = (nth: number): readonly string[] => spelt(`mail ${nth}`, `x${word(nth)}@firm.example`, `X${word(nth).toUpperCase()}@Firm.Example`, `x${word(nth)}+fair@firm.example`);
const names = (nth: number): readonly string[] => spelt(`person ${nth}`, `Bo X${word(nth)}`, `X${word(nth).toUpperCase()}, Bó`, `Dr. bo  x${word(nth)}`);
const companies = (nth: number): readonly string[] => spelt(`firm ${nth}`, `Firm ${word(nth)} GmbH`, `FIRM ${word(nth)}`, `firm-${word(nth)} Ltd.`);
const seven = (nth: number): string => `5${String(nth).padStart(6, '0')}`;
/** Two countries and a way to dial it without one: alike at the end, and the same only with the same country. */
const phones = (nth: number): readonly string[] => [
  ...spelt(`+41 ${nth}`, `+41 44 ${seven(nth)}`, `0041 (0)44 ${seven(nth)}`), ...spelt(`+45 ${nth}`, `+45 34 ${seven(nth)}`), ...spelt(`bare ${nth}`, `044 ${seven(nth)}`, `44-${seven(nth)}`),
];
const SPELLER: Reader = {
  email: (text) => meant.get(text), person: (text) => meant.get(text), company: (text) => meant.get(text),
  phone(text) { const [country, nth] = meant.get(text)!.split(' '); return { tail: nth!, ...(country !== 'bare' && { whole: `${country} ${nth}` }) }; },
};

/** Leads that come in under the same address, number or name now and then; assigned, qualified, merged and forgotten. */
function leadHistory(taken: readonly Step[]): Said<DomainEvent>[] {
  let clock = STARTS_AT;
  const said: Said<DomainEvent>[] = [];
  const leads: string[] = [];
  taken.forEach(({ what, who, which, late }, index) => {
    clock += 60_000;
    const say = (type: string, leadId: string, data: object): void => void said.push({ type, stream: type === 'ContactForgotten' ? `contact-${leadId}` : `lead-${leadId}`, data, occurredAt: iso(clock - late * 60_000), recordedAt: iso(clock) });
    const leadId = leads[(which * 1_000 + who) % Math.max(1, leads.length)];
    const choice = what % 20;
    const ownerId = OWNERS[who % OWNERS.length]!;
    const way = (list: readonly string[], place: number): string => list[place % list.length]!;
    if (choice < 11 || leadId === undefined) {
      const id = `l${String(index).padStart(5, '0')}`;
      leads.push(id);
      const contact = { ...(which % 3 > 0 && { email: way(emails((what * 7 + who) % PEOPLE), which) }), ...(which % 4 > 0 && { phone: way(phones((who * 3 + which) % PEOPLE), what) }), ...(who % 4 > 0 && { name: way(names(which % 20), who) }) };
      say('LeadCaptured', id, { leadId: id, source: 'web', contact, ...(what % 4 > 0 && { company: way(companies((what + which) % 20), which) }), ...(which % 5 > 0 && { ownerId }) });
    } else if (choice < 13) say('LeadAssigned', leadId, { leadId, ownerId });
    else if (choice < 16) say('LeadQualified', leadId, { leadId });
    else if (choice === 16) say('LeadDisqualified', leadId, { leadId, reason: 'spam' });
    else if (choice === 17) say('LeadConverted', leadId, { leadId, dealId: 'd' });
    else if (choice === 18) { leads.splice(leads.indexOf(leadId), 1); say('LeadMerged', leadId, { leadId, intoLeadId: 'other' }); }
    else say('ContactForgotten', which % 5 ? leadId : `l${String(index + 3).padStart(5, '0')}`, { contactId: which % 5 ? leadId : `l${String(index + 3).padStart(5, '0')}` });
  });
  return said;
}

describe('the duplicate leads against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('are the same groups for the same reasons, page after page, at any moment of knowledge', async () => {
    const question = fc.record({ who: fc.option(fc.constantFrom(...OWNERS), { freq: 2, nil: undefined }), lead: fc.option(fc.nat(9_999), { freq: 2, nil: undefined }), known: fc.double({ min: 0.2, max: 1, noNaN: true }) });
    let all = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [leadDuplicates], leadDuplicatesStatus, leadHistory(taken), async (live) => {
        const captured = live.log.events.filter(({ type }) => type === 'LeadCaptured').map(({ stream }) => stream.slice('lead-'.length));
        const asked = questions.map(({ who, lead, known }): At<DuplicatesAsked> => ({
          asked: { limit: PAGE, ...(who !== undefined && { owner: who }), ...(lead !== undefined && { leadId: captured[lead % captured.length]! }) }, asOf: momentAt(live.log, known),
        }));
        const { found, groups } = await compareDuplicates(live, asked, SPELLER);
        expect(found.differences).toEqual([]);
        all += groups;
      });
    }), oracleRuns(HISTORIES));
    expect(all).toBeGreaterThan(HISTORIES * QUESTIONS * PAGE);
  });
});
