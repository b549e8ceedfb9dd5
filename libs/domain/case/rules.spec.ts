import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { handOverCases } from './rules.js';

const opened: Said = { type: 'CaseOpened', data: { caseId: 'x1', kind: 'issue', subject: { kind: 'lead', id: 'l1' }, ownerId: 'ada', title: 'Late', responseDueAt: '2026-03-03T09:00:00.000Z', resolutionDueAt: '2026-03-09T09:00:00.000Z' } };
const ended: Said = { type: 'CaseResolved', data: { caseId: 'x1', memberId: 'ada', businessMinutes: 3, resolution: 'sent' } };
const left: Said = { type: 'MemberOffboarded', data: { memberId: 'ada', leftAt: '2026-03-02T00:00:00.000Z' } };
const { given } = ruleSpec(handOverCases);

describe('an open case of one who leaves', () => {
  it('goes to another of their role, with the reason', () =>
    given(memberAdded('ada'), memberAdded('bob'), memberAdded('max', { role: 'manager' }), opened, left).byNow('2026-03-02T09:00:00.000Z').then({ type: 'EscalateCase', caseId: 'x1', ownerId: 'bob', reason: 'ada has left' }));
  it('stays where it is once it is closed', () => given(memberAdded('ada'), memberAdded('bob'), opened, ended, left).byNow('2026-03-02T09:00:00.000Z').thenNothing());
});
