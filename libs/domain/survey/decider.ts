import { accept, refuse, type Decider } from '../../kernel/decider.js';
import type { Instant } from '../../kernel/event.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import { ownerProblem, type MemberStanding } from '../member/facts.js';
import type { SubjectRef } from '../subject.js';
import type { SurveyCommand } from './commands.js';
import type { SurveyEvent, SurveyKind } from './events.js';

interface Sent {
  readonly kind: SurveyKind;
  readonly subject: SubjectRef;
  readonly ownerId: string;
  readonly clientId?: string;
  readonly caseId?: string;
  readonly sentAt?: Instant;
}

/** The comment is not kept: it may be forgotten. */
export type Survey = { readonly status: 'absent' } | (Sent & { readonly status: 'sent' }) | { readonly status: 'answered'; readonly score: number };

/** Read only when a survey is sent. */
export interface SurveyFacts {
  readonly owner: MemberStanding;
  readonly subjectExists: boolean;
}

export type SurveyRefusal =
  | 'survey_not_found' | 'survey_already_exists' | 'survey_already_answered' | 'survey_answered_before_sent' | 'survey_score_out_of_range' | 'subject_unknown' | 'owner_unknown' | 'owner_offboarded';

export const surveyRefusals: RefusalCatalog<SurveyRefusal> = {
  survey_not_found: { kind: 'not_found', title: 'No survey has this id.' },
  survey_already_exists: { kind: 'conflict', title: 'A survey with this id was already sent.' },
  survey_already_answered: { kind: 'conflict', title: 'The survey was already answered, with another score.' },
  survey_answered_before_sent: { kind: 'invalid', title: 'A survey cannot be answered before it was sent.' },
  survey_score_out_of_range: { kind: 'invalid', title: 'A csat score is 1 to 5, an nps score 0 to 10.' },
  subject_unknown: { kind: 'invalid', title: 'What the survey is about is not known.' },
  owner_unknown: { kind: 'invalid', title: 'No member has the id given as owner.' },
  owner_offboarded: { kind: 'invalid', title: 'The member given as owner has left.' },
};

const SCORES: Readonly<Record<SurveyKind, { readonly min: number; readonly max: number }>> = { csat: { min: 1, max: 5 }, nps: { min: 0, max: 10 } };

/** A survey: sent, and answered once or never. */
export const survey: Decider<SurveyCommand, Survey, SurveyEvent, SurveyRefusal, SurveyFacts> = {
  initial: { status: 'absent' },

  evolve(_, event) {
    switch (event.type) {
      case 'SurveySent': {
        const { kind, subject, ownerId, clientId, caseId } = event.data;
        return { status: 'sent', kind, subject, ownerId, clientId, caseId, sentAt: event.occurredAt };
      }
      case 'SurveyAnswered': return { status: 'answered', score: event.data.score };
    }
  },

  decide(state, command, { occurredAt, facts }) {
    const { surveyId } = command;
    if (command.type === 'SendSurvey') {
      if (state.status !== 'absent') return refuse('survey_already_exists');
      const { kind, subject, ownerId, clientId, caseId } = command;
      const problem = ownerProblem(facts.owner, occurredAt);
      if (problem) return refuse(problem, ownerId);
      if (!facts.subjectExists) return refuse('subject_unknown', `${subject.kind} ${subject.id}`);
      return accept({ type: 'SurveySent', data: defined({ surveyId, kind, subject, ownerId, clientId, caseId }) });
    }
    const { score, comment } = command;
    switch (state.status) {
      case 'absent': return refuse('survey_not_found');
      case 'answered': return state.score === score ? accept() : refuse('survey_already_answered', `answered with ${state.score}`);
      case 'sent': {
        const { kind, subject, ownerId, clientId, caseId, sentAt } = state;
        const { min, max } = SCORES[kind];
        if (score < min || score > max) return refuse('survey_score_out_of_range', `${kind} is ${min} to ${max}, not ${score}`);
        if (sentAt !== undefined && occurredAt < sentAt) return refuse('survey_answered_before_sent', `sent ${sentAt}`);
        return accept({ type: 'SurveyAnswered', data: defined({ surveyId, kind, score, subject, ownerId, respondentId: clientId ?? subject.id, clientId, caseId, comment }) });
      }
    }
  },
};
