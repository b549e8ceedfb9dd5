import { describe, it } from '@jest/globals';
import type { Said } from '../../testing/in-memory-log.js';
import { memberAdded, ruleSpec } from '../../testing/rule-spec.js';
import { surveyAfterResolution } from './rules.js';

const opened = (caseId: string, more: object = {}): Said =>
  ({ type: 'CaseOpened', data: { caseId, kind: 'issue', subject: { kind: 'client', id: 'c1' }, clientId: 'c1', ownerId: 'ada', title: 'Late', responseDueAt: '2026-03-03T09:00:00.000Z', resolutionDueAt: '2026-03-09T09:00:00.000Z', ...more } });
const resolved = (caseId: string, occurredAt?: string): Said => ({ type: 'CaseResolved', data: { caseId, memberId: 'bob', businessMinutes: 30, resolution: 'sent' }, ...(occurredAt && { occurredAt }) });
const sent = (occurredAt: string): Said => ({ type: 'SurveySent', occurredAt, data: { surveyId: 's0', kind: 'csat', subject: { kind: 'client', id: 'c1' }, ownerId: 'ada', clientId: 'c1' } });
const { given } = ruleSpec(surveyAfterResolution);
const asks = { type: 'SendSurvey', surveyId: '', kind: 'csat', subject: { kind: 'case', id: 'k1' }, ownerId: 'bob', clientId: 'c1', caseId: 'k1' };

describe('a survey', () => {
  it('asks how a case was settled, about the one who settled it', () => given(opened('k1')).when(resolved('k1')).then(asks));
  it('leaves a client in peace who was asked not long ago', () => {
    given(opened('k1'), sent('2026-02-10T09:00:00.000Z')).when(resolved('k1')).then('less than 30 days');
    given(opened('k1'), sent('2026-01-10T09:00:00.000Z')).when(resolved('k1')).then(asks);
  });
  it('counts the days on the calendar of the one who settled it', () => {
    const inZurich = memberAdded('bob', { zone: 'Europe/Zurich' });
    given(inZurich, opened('k1'), sent('2026-03-02T09:00:00.000Z')).when(resolved('k1', '2026-04-01T07:59:59.999Z')).then('asked on 2026-03-02');
    given(inZurich, opened('k1'), sent('2026-03-02T09:00:00.000Z')).when(resolved('k1', '2026-04-01T08:00:00.000Z')).then(asks);
  });
  it('is sent once where two cases of a client are resolved together', () => {
    const spec = given(opened('k1'), opened('k2'));
    spec.when(resolved('k1')).then(asks);
    spec.when(resolved('k2')).then('asked on 2026-03-02');
  });
  it('asks each of those whose case names no client', () => {
    const lead = { subject: { kind: 'lead', id: 'l1' }, clientId: undefined };
    const spec = given(opened('k1', lead), opened('k2', { ...lead, subject: { kind: 'lead', id: 'l2' } }));
    spec.when(resolved('k1')).then({ type: 'SendSurvey', caseId: 'k1' });
    spec.when(resolved('k2')).then({ type: 'SendSurvey', caseId: 'k2' });
  });
});
