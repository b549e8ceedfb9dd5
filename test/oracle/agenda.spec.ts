import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import type { AnswerHead } from '../../libs/kernel/report.js';
import { configuredKind, type StoreKind } from '../../libs/testing/stores.js';
import { agenda } from '../../projections/agenda/agenda.projection.js';
import { agendaStatus, type AgendaAnswer } from '../../projections/agenda/agenda.report.js';
import { roster } from '../../projections/coordinator-efficiency/roster.projection.js';
import { officeHistory, steps } from './coordinator-efficiency.histories.js';
import { withLive } from './coordinator-efficiency.live.js';
import { oracleRuns } from './runs.js';

/* What is to be done, once more as plain loops over the events: no engine, no SQL, no tables. */

const RUNS = 6;
const STEPS = 300;
const PAGE = 7;
const PAGES_MAX = 200;

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;
interface Item { kind: string; id: string; member: string; due: string; waits: boolean }

const last = (list: readonly Event[], ...types: string[]): Event | undefined => [...list].reverse().find(({ type }) => types.includes(type));

/** The open items of one stream. */
function itemsOf(stream: string, list: readonly Event[]): Item[] {
  const [category, id] = [stream.slice(0, stream.indexOf('-')), stream.slice(stream.indexOf('-') + 1)];
  const opening = list[0]!.data;
  const has = (...types: string[]): boolean => last(list, ...types) !== undefined;
  const item = (kind: string, member: string, due: string, waits = false): Item => ({ kind, id, member, due, waits });
  switch (category) {
    case 'followUp': return has('FollowUpCompleted', 'FollowUpCancelled') ? [] : [item('follow_up', opening.ownerId, last(list, 'FollowUpScheduled', 'FollowUpRescheduled')!.data.dueAt)];
    case 'meeting': return has('MeetingHeld', 'MeetingCancelled', 'MeetingMissed') ? [] : [item('meeting', opening.ownerId, last(list, 'MeetingScheduled', 'MeetingRescheduled')!.data.startsAt)];
    case 'task': return has('TaskCompleted', 'TaskCancelled') ? [] : [item('task', last(list, 'TaskAllocated', 'TaskReassigned')!.data.ownerId, opening.dueAt)];
    case 'contract': return has('ContractSigned', 'ContractVoided') ? [] : [item('contract', opening.ownerId, opening.dueAt, has('ContractSent'))];
    case 'case': {
      const owner = last(list, 'CaseOpened', 'CaseEscalated')!.data.ownerId;
      if (last(list, 'CaseResolved', 'CaseReopened')?.type === 'CaseResolved') return [];
      return [...(has('CaseResolved') ? [] : [item('case_response', owner, opening.responseDueAt)]), item('case_resolution', owner, last(list, 'CaseOpened', 'CaseReopened')!.data.resolutionDueAt)];
    }
    default: return [];
  }
}

describe('the agenda against plain loops over the events', () => {
  let kind: StoreKind;
  beforeAll(async () => { kind = await configuredKind(); }, 120_000);
  afterAll(() => kind.stop());

  it('lists the same, page after page, for anybody, at any moment of knowledge', async () => {
    const question = fc.record({ who: fc.option(fc.constantFrom('ada', 'ben', 'cyd', 'dan'), { nil: undefined }), state: fc.constantFrom(undefined, 'late', 'blocked'), known: fc.double({ min: 0.2, max: 1, noNaN: true }) });
    let listed = 0;
    await fc.assert(fc.asyncProperty(steps(STEPS), fc.array(question, { minLength: 6, maxLength: 6 }), async (taken, questions) => {
      await withLive(kind, [agenda, roster], agendaStatus, officeHistory(taken), async ({ log, ask }) => {
        for (const { who, state, known } of questions) {
          const query = { limit: String(PAGE), asOf: log.events[Math.floor(known * (log.events.length - 1))]!.recordedAt, ...(who && { memberId: who }), ...(state && { states: state }) };
          const told: string[] = [];
          let answer: (AgendaAnswer & AnswerHead) | undefined;
          for (let page = 0; page < PAGES_MAX && (page === 0 || answer?.nextCursor); page += 1) {
            answer = await ask<AgendaAnswer & AnswerHead>({ ...query, ...(answer?.nextCursor && { cursor: answer.nextCursor }) });
            told.push(...answer.items.map((item) => `${item.dueAt} ${item.kind} ${item.id} ${item.memberId}`));
          }
          const { asOf: now, position, total, late, blocked } = answer!; // there was a first page
          const streams = new Map<string, Event[]>();
          for (const event of log.events) if (event.position <= position) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
          const wanted = [...streams].flatMap(([stream, list]) => itemsOf(stream, list))
            .filter(({ member, due, waits }) => (who === undefined || member === who) && (state !== 'late' || due < now) && (state !== 'blocked' || waits));
          expect({ query, told, total, late, blocked }).toEqual({
            query, told: wanted.map(({ due, kind: what, id, member }) => `${due} ${what} ${id} ${member}`).sort(), total: wanted.length, late: wanted.filter(({ due }) => due < now).length, blocked: wanted.filter(({ waits }) => waits).length,
          });
          listed += told.length;
        }
      });
    }), oracleRuns(RUNS));
    expect(listed).toBeGreaterThan(RUNS * PAGE);
  }, 300_000);
});
