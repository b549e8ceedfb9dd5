import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec, SPEC_NOW } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { RecordSurveyAnswer, SendSurvey, type SurveyCommand } from './commands.js';
import { survey, type SurveyFacts } from './decider.js';
import type { SurveyEvent } from './events.js';
import { surveyContext } from './survey.context.js';

const surveyId = 's1';
const subject = { kind: 'case', id: 'q1' } as const;
const facts: SurveyFacts = { owner: { status: 'active', role: 'coordinator', zone: 'UTC' }, subjectExists: true };
const about = { subject, ownerId: 'ada', clientId: 'k1', caseId: 'q1' };

const sent: SurveyEvent = { type: 'SurveySent', data: { surveyId, kind: 'csat', ...about } };
const npsSent: SurveyEvent = { type: 'SurveySent', data: { surveyId, kind: 'nps', subject, ownerId: 'ada' } };
const answered: SurveyEvent = { type: 'SurveyAnswered', data: { surveyId, kind: 'csat', score: 5, ...about, respondentId: 'k1', comment: 'quick and friendly' } };

const send = build(SendSurvey, { surveyId, kind: 'csat', ...about });
const answer = (score: number) => build(RecordSurveyAnswer, { surveyId, score });

const { given } = deciderSpec(survey, facts);

describe('a survey', () => {
  it('is sent', () => given().when(send).then(sent));
  it('can be about a piece of work of no named client', () => given().when(build(SendSurvey, { surveyId, kind: 'nps', subject, ownerId: 'ada' })).then(npsSent));
  it('is not sent twice', () => given(sent).when(send).thenRefused('survey_already_exists'));
  it('needs an owner who is known', () => given().when(send, { facts: { ...facts, owner: { status: 'unknown' } } }).thenRefused('owner_unknown'));
  it('needs an owner who has not left', () =>
    given().when(send, { facts: { ...facts, owner: { status: 'offboarded', role: 'coordinator', zone: 'UTC', lastDayEndsAt: SPEC_NOW } } }).thenRefused('owner_offboarded'));
  it('needs a subject that is known', () => given().when(send, { facts: { ...facts, subjectExists: false } }).thenRefused('subject_unknown'));

  it('is answered, and repeats what was asked', () => given(sent).when(build(RecordSurveyAnswer, { surveyId, score: 5, comment: 'quick and friendly' })).then(answered));
  it('is answered with nought where the scale has it', () =>
    given(npsSent).when(answer(0)).then({ type: 'SurveyAnswered', data: { surveyId, kind: 'nps', score: 0, subject, ownerId: 'ada', respondentId: 'q1' } }));
  it('takes 1 to 5 for csat', () => {
    for (const score of [0, 6]) given(sent).when(answer(score)).thenRefused('survey_score_out_of_range');
    given(sent).when(answer(1)).then({ type: 'SurveyAnswered', data: { surveyId, kind: 'csat', score: 1, ...about, respondentId: 'k1' } });
  });
  it('takes up to 10 for nps', () => {
    given(npsSent).when(answer(11)).thenRefused('survey_score_out_of_range');
    given(npsSent).when(answer(10)).then({ type: 'SurveyAnswered', data: { surveyId, kind: 'nps', score: 10, subject, ownerId: 'ada', respondentId: 'q1' } });
  });
  it('is answered once', () => given(sent, answered).when(answer(5)).thenNothing());
  it('keeps its answer', () => given(sent, answered).when(answer(4)).thenRefused('survey_already_answered'));
  it('is not answered before it was sent', () => given(sent).when(answer(5), { occurredAt: '2026-03-02T08:59:59.999Z' }).thenRefused('survey_answered_before_sent'));
  it('is unknown until sent', () => given().when(answer(5)).thenRefused('survey_not_found'));

  it('does once what is sent twice, after any history', () => {
    const commands: fc.Arbitrary<SurveyCommand> = fc.oneof(
      fc.constantFrom('csat', 'nps').map((kind) => build(SendSurvey, { ...send, kind })),
      fc.integer({ min: 0, max: 10 }).map(answer),
    );
    holdsTwiceIsOnce(surveyContext, commands, fc.record({ owner: fc.constantFrom<SurveyFacts['owner']>(facts.owner, { status: 'unknown' }), subjectExists: fc.boolean() }));
  });
});
