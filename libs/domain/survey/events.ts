import type { EventCatalog } from '../../kernel/event.js';
import type { SubjectRef } from '../subject.js';

/** `csat`: how satisfied, 1 to 5. `nps`: how likely to recommend, 0 to 10. */
export const SURVEY_KINDS = ['csat', 'nps'] as const;
export type SurveyKind = (typeof SURVEY_KINDS)[number];

/** Stored for ever in these shapes: add a type or a version, never change one. */
export type SurveyEvent =
  /** `ownerId` is the member whose work is asked about; `subject` the piece of it. */
  | { type: 'SurveySent'; data: { surveyId: string; kind: SurveyKind; subject: SubjectRef; ownerId: string; clientId?: string; caseId?: string } }
  | {
      type: 'SurveyAnswered';
      /** What was sent is repeated: a figure needs no look back. `respondentId`: the client where one is named, else the subject. */
      data: { surveyId: string; kind: SurveyKind; score: number; subject: SubjectRef; ownerId: string; respondentId: string; clientId?: string; caseId?: string; comment?: string };
    };

export const surveyEvents: EventCatalog<SurveyEvent> = {
  SurveySent: { version: 1, personal: [] },
  SurveyAnswered: { version: 1, personal: ['comment'], personalSubject: 'respondentId' },
};
