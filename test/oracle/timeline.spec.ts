import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerHead } from '../../libs/kernel/report.js';
import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { timeline, timelineLinks } from '../../projections/timeline/timeline.projection.js';
import { timelineStatus, type TimelineAnswer } from '../../projections/timeline/timeline.report.js';
import { officeHistory, steps } from './coordinator-efficiency.histories.js';
import { withLive } from './coordinator-efficiency.live.js';
import { oracleRuns } from './runs.js';

/* Who did what, and what happened to whose work: once more as plain loops over the events, no engine, no SQL, no tables. */

const RUNS = 6;
const STEPS = 300;
const PAGE = 20;
const PAGES_MAX = 200;
const MEMBERS = ['ada', 'ben', 'cyd', 'dan'];

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;
interface Question { who?: string | undefined; about?: number | undefined; type?: string | undefined; day?: number | undefined; known?: number | undefined }

const kindOf = (stream: string): string => ({ followUp: 'follow_up' } as Record<string, string>)[stream.split('-')[0]!] ?? stream.split('-')[0]!;
const nameOf = (stream: string): string => `${kindOf(stream)}/${stream.slice(stream.indexOf('-') + 1)}`;
const OPENS = /^(LeadCaptured|DealOpened|MeetingScheduled|FollowUpScheduled|TaskAllocated|ContractDrafted|CaseOpened)$/;
const HANDS = /^(LeadAssigned|DealReassigned|TaskReassigned|CaseEscalated)$/;

/** What an event names besides its own stream. */
function namedIn({ type, data, actor }: Event): string[] {
  const { leadId, intoLeadId, dealId, caseId, contractId, subject, memberId, ownerId, from } = data;
  const things = [['lead', leadId], ['lead', intoLeadId], ['deal', dealId], ['case', caseId], ['contract', contractId], ['member', memberId], ['member', ownerId], ['member', HANDS.test(type) ? from : undefined], ['member', actor.role === 'system' ? undefined : actor.id]];
  return [...things.flatMap(([kind, id]) => (id === undefined ? [] : [`${kind}/${id}`])), ...(subject ? [`${subject.kind}/${subject.id}`] : [])];
}

/** Newest first. */
function timelineOracle(events: readonly Event[], { who, about, type, day }: { who?: string | undefined; about?: string | undefined; type?: string | undefined; day?: string | undefined }): string[] {
  const belongsTo = new Map<string, string[]>();
  const owners = new Map<string, { member: string; at: string }[]>();
  for (const event of events) {
    const name = nameOf(event.stream);
    if (OPENS.test(event.type)) belongsTo.set(name, namedIn(event).filter((each) => each !== name && !each.startsWith('member/')));
    if ((OPENS.test(event.type) || HANDS.test(event.type)) && event.data.ownerId) owners.set(name, [...(owners.get(name) ?? []), { member: event.data.ownerId, at: event.occurredAt }]);
  }
  const ownerAt = (name: string, at: string): string | undefined => {
    const list = [...(owners.get(name) ?? [])].map((each, told) => ({ ...each, told })).sort((a, b) => (a.at === b.at ? a.told - b.told : a.at < b.at ? -1 : 1));
    return ([...list].reverse().find((each) => each.at <= at) ?? list[0])?.member;
  };
  const isAbout = (name: string, seen: readonly string[] = []): boolean => name === about || (belongsTo.get(name) ?? []).some((each) => !seen.includes(each) && isAbout(each, [...seen, each]));
  return events
    .filter((event) => (who === undefined || namedIn(event).includes(`member/${who}`) || event.stream === `member-${who}` || ownerAt(nameOf(event.stream), event.occurredAt) === who)
      && (about === undefined || [nameOf(event.stream), ...namedIn(event)].some((name) => isAbout(name)))
      && (type === undefined || event.type === type) && (day === undefined || event.occurredAt >= `${day}T00:00:00.000Z`))
    .sort((a, b) => (a.occurredAt === b.occurredAt ? b.position - a.position : a.occurredAt < b.occurredAt ? 1 : -1)).map(({ id }) => id);
}

describe('the timeline against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('tells the same of any member and subject, page after page, at any moment of knowledge', async () => {
    /** Left out once in so many questions. */
    const leftOut = <T>(freq: number, arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq, nil: undefined });
    const question: fc.Arbitrary<Question> = fc.record({
      who: leftOut(3, fc.constantFrom(...MEMBERS)), about: leftOut(2, fc.nat(99)), type: leftOut(2, fc.constantFrom('LeadContacted', 'FollowUpCompleted', 'DealReassigned')), day: leftOut(2, fc.nat(60)), known: leftOut(2, fc.double({ min: 0.1, max: 1, noNaN: true })),
    });
    let told = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: 12, maxLength: 12 }), async (taken, questions) => {
      const history = officeHistory(taken).map((event, index) => ({ ...event, actor: index % 2 ? { id: 'engine', role: 'system' as const } : { id: MEMBERS[(index / 2) % MEMBERS.length]!, role: 'coordinator' as const } }));
      await withLive(kind, [timeline, timelineLinks, roster], timelineStatus, history, async ({ log, ask }) => {
        const subjects = [...new Set(log.events.map(({ stream }) => stream))].filter((stream) => /^(lead|deal|case|contract)-/.test(stream));
        for (const { who, about: place, type, day: offset, known } of questions) {
          const stream = place === undefined ? undefined : subjects[place % subjects.length];
          const day = offset === undefined ? undefined : new Date(Date.UTC(2026, 2, 20 + offset)).toISOString().slice(0, 10);
          const query = {
            limit: String(PAGE), tz: 'UTC', ...(who && { memberId: who }), ...(stream && { subjectKind: kindOf(stream), subjectId: stream.slice(stream.indexOf('-') + 1) }), ...(type && { types: type }), ...(day && { from: day }),
            ...(known !== undefined && { asOf: log.events[Math.floor(known * (log.events.length - 1))]!.recordedAt }),
          };
          const pages: string[] = [];
          let position = -1;
          let cursor: string | null = null;
          for (let page = 0; page < PAGES_MAX; page += 1) {
            const answer: TimelineAnswer & AnswerHead = await ask({ ...query, ...(cursor !== null && { cursor }) });
            pages.push(...answer.entries.map(({ eventId }) => eventId));
            ({ position, nextCursor: cursor } = answer);
            if (cursor === null) break;
          }
          expect({ query, pages }).toEqual({ query, pages: timelineOracle(log.events.filter((event) => event.position <= position), { who, about: stream && nameOf(stream), type, day }) });
          told += pages.length;
        }
      });
    }), oracleRuns(RUNS));
    expect(told).toBeGreaterThan(RUNS * PAGE);
  }, 300_000);
});
