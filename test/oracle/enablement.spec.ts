import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { enablement } from '../../projections/enablement/enablement.projection.js';
import { enablementStatus } from '../../projections/enablement/enablement.report.js';
import { steps, type Step } from './coordinator-efficiency.histories.js';
import type { At } from './differences.js';
import { compareEnablement } from './enablement.compare.js';
import type { Question } from './enablement.js';
import { momentAt, withLive } from './live.js';
import { oracleRuns } from './runs.js';

const HISTORIES = 3;
const STEPS = 1_500;
const QUESTIONS = 12;
const MEMBERS = ['ada', 'ben', 'cyd', 'dan', 'eve'];
const ZONES = ['Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'UTC'];
const CERTIFICATES = ['First aid', 'FIRST AID', 'Advanced selling', 'Safety'];
const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const STARTS_AT = Date.UTC(2026, 2, 1, 6);
/** The history takes half a year: long enough for certificates to expire in it. */
const QUARTERS_MAX = 24;
const iso = (ms: number): string => new Date(ms).toISOString();
const dayOf = (ms: number): string => iso(ms).slice(0, 10);

/** Trainings, certificates, material shown to leads and deals, deals won, lost and reopened, members who come, move and go. */
function learningHistory(taken: readonly Step[]): Said<DomainEvent>[] {
  let clock = STARTS_AT;
  const said: Said<DomainEvent>[] = [];
  const trainings: { trainingId: string; memberId: string; course: string }[] = [];
  const deals: { dealId: string; isOpen: boolean }[] = [];
  const coming = [...MEMBERS];
  const leaving = ['eve', 'dan'];
  taken.forEach(({ what, who, which, quarters, late }, index) => {
    clock += quarters * QUARTER_MS;
    const say = (type: string, stream: string, data: object): void => void said.push({ type, stream, data, occurredAt: iso(clock - late * QUARTER_MS), recordedAt: iso(clock) });
    const memberId = MEMBERS[who % MEMBERS.length]!;
    const deal = deals[which % Math.max(1, deals.length)];
    switch (what % 16) {
      case 0: { const next = coming.shift(); if (next !== undefined) say('MemberAdded', `member-${next}`, { memberId: next, name: 'n', role: 'executive', zone: 'UTC', ...(which % 3 && { teamId: ['north', 'south'][which % 2] }) }); break; }
      case 1: if (which % 4 === 0) say('MemberMovedToTeam', `member-${memberId}`, { memberId, teamId: ['north', 'south'][which % 2] }); break;
      case 2: { const next = which % 12 === 0 ? leaving.shift() : undefined; if (next !== undefined) say('MemberOffboarded', `member-${next}`, { memberId: next, leftAt: iso(clock + ((which % 40) - 10) * DAY_MS) }); break; }
      case 3: case 4: { const training = { trainingId: `t${index}`, memberId, course: 'c' }; trainings.push(training); say('TrainingAssigned', `training-${training.trainingId}`, { ...training, ...(which % 3 && { dueOn: dayOf(clock + ((which % 60) - 5) * DAY_MS) }) }); break; }
      case 5: { const [done] = trainings.splice(which % Math.max(1, trainings.length), 1); if (done) say('TrainingCompleted', `training-${done.trainingId}`, done); break; }
      case 6: { const id = which % 6 ? `c${index}` : `renewed-${memberId}`; say('CertificationRecorded', `certification-${id}`, { certificationId: id, memberId, certificate: CERTIFICATES[which % CERTIFICATES.length], issuedOn: dayOf(clock), ...(which % 5 && { expiresOn: dayOf(clock + (which % 120) * DAY_MS) }) }); break; }
      case 7: if (which % 8 === 0) say('MaterialPublished', `material-m${index % 5}`, { materialId: `m${index % 5}`, title: 't', kind: 'deck' }); break;
      case 8: case 9: case 10: {
        const published = said.filter(({ type }) => type === 'MaterialPublished');
        const material = published[which % Math.max(1, published.length)];
        if (!material) break;
        const subject = deal && who % 2 ? { kind: 'deal', id: deal.dealId } : { kind: 'lead', id: `l${which % 40}` };
        say('MaterialShared', `materialUse-${subject.kind}-${subject.id}`, { materialId: (material.data as { materialId: string }).materialId, subject, memberId });
        break;
      }
      case 11: case 12: { const dealId = `d${index}`; deals.push({ dealId, isOpen: true }); say('DealOpened', `deal-${dealId}`, { dealId, name: 'n', ownerId: memberId, pipelineId: 'p', stage: 's', value: { amountMinor: 1, currency: 'EUR' }, ...(who % 2 && { leadId: `l${which % 40}` }) }); break; }
      case 13: case 14: if (deal?.isOpen) { deal.isOpen = false; say('DealClosed', `deal-${deal.dealId}`, { dealId: deal.dealId, outcome: who % 3 ? 'won' : 'lost', value: { amountMinor: 1, currency: 'EUR' }, ownerId: memberId, stage: 's' }); } break;
      default: if (deal && !deal.isOpen && which % 3 === 0) { deal.isOpen = true; say('DealReopened', `deal-${deal.dealId}`, { dealId: deal.dealId, outcome: 'won', value: { amountMinor: 1, currency: 'EUR' }, ownerId: memberId, stage: 's', reason: 'r' }); }
    }
  });
  // Nothing is heard of a member before they are there.
  const added = new Set<string>();
  return said.filter(({ type, stream }) => { if (type === 'MemberAdded') added.add(stream!); return !stream!.startsWith('member-') || added.has(stream!); });
}

describe('enablement against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); });
  afterAll(() => kind.stop());

  it('agrees on every figure of any history, period, zone, team and moment of knowledge', async () => {
    const question = fc.record({
      first: fc.nat(150), days: fc.nat(90), tz: fc.constantFrom(...ZONES), expiringDays: fc.integer({ min: 1, max: 120 }), who: fc.option(fc.uniqueArray(fc.constantFrom(...MEMBERS), { minLength: 1, maxLength: 3 }), { freq: 2, nil: undefined }),
      team: fc.option(fc.constantFrom('north', 'south'), { freq: 2, nil: undefined }), known: fc.double({ min: 0.2, max: 1, noNaN: true }),
    });
    let [compared, late, withMaterial] = [0, 0, 0];
    await fc.assert(fc.asyncProperty(steps(STEPS, QUARTERS_MAX), fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }), async (taken, questions) => {
      await withLive(kind, [enablement], enablementStatus, learningHistory(taken), async (live) => {
        const asked = questions.map(({ first, days, tz, expiringDays, who, team, known }): At<Question> => ({
          asked: { from: dayOf(STARTS_AT + first * DAY_MS), to: dayOf(STARTS_AT + (first + days) * DAY_MS), tz, expiringDays, ...(who && { who }), ...(team !== undefined && { team }) }, asOf: momentAt(live.log, known),
        }));
        const found = await compareEnablement(live, asked);
        expect(found.differences).toEqual([]);
        compared += found.compared;
        for (const { asked: { from, to, tz }, asOf } of asked) {
          const { readiness, wonDealsWithMaterial } = await live.ask<{ readiness: { trainingsLate: number }[]; wonDealsWithMaterial: number }>({ from, to, tz, asOf });
          late += readiness.filter(({ trainingsLate }) => trainingsLate > 0).length;
          withMaterial += wonDealsWithMaterial;
        }
      });
    }), oracleRuns(HISTORIES));
    expect(compared).toBe(HISTORIES * QUESTIONS);
    expect(Math.min(late, withMaterial)).toBeGreaterThan(HISTORIES * 3);
  });
});
