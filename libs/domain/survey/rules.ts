import { build } from '../../kernel/command.js';
import type { Instant } from '../../kernel/event.js';
import { daysAfter, localDay } from '../../kernel/local-time.js';
import { NEW_ID, numberSetting, rule, type Memory } from '../../kernel/rule.js';
import type { CaseEvent } from '../case/events.js';
import { defined } from '../defined.js';
import type { SubjectRef } from '../subject.js';
import { evolveTeam, isTeamEvent, noTeam, TEAM_EVENTS, zoneOf, type Team, type TeamEvent } from '../team-work.js';
import { SendSurvey } from './commands.js';
import type { SurveyEvent } from './events.js';

interface Asked extends Team {
  readonly cases: Map<string, { readonly subject: SubjectRef; readonly clientId?: string }>;
  /** When each client, or subject where no client is named, was last asked. */
  readonly lastAskedAt: Map<string, Instant>;
}

const respondent = (subject: SubjectRef, clientId: string | undefined): string => (clientId === undefined ? `${subject.kind}/${subject.id}` : `client/${clientId}`);

const asked: Memory<Asked, CaseEvent | SurveyEvent | TeamEvent> = {
  name: 'asked_clients',
  version: 2,
  events: [...TEAM_EVENTS, 'CaseOpened', 'SurveySent'],
  initial: () => ({ ...noTeam(), cases: new Map(), lastAskedAt: new Map() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    if (event.type === 'CaseOpened') state.cases.set(event.data.caseId, defined({ subject: event.data.subject, clientId: event.data.clientId }));
    if (event.type === 'SurveySent') {
      const { subject, clientId, caseId } = event.data;
      state.lastAskedAt.set(respondent((caseId === undefined ? undefined : state.cases.get(caseId))?.subject ?? subject, clientId), event.occurredAt);
    }
    return state;
  },
};

/** Asks how a case was settled, but nobody too often. */
export const surveyAfterResolution = rule<Asked, CaseEvent>({
  name: 'survey_after_resolution',
  summary: 'Sends a survey when a case is resolved, unless the client was asked not long ago',
  memory: asked,
  defaults: { quietDays: 30 },
  on: ['CaseResolved'],
  react(state, event, settings) {
    const { cases, lastAskedAt } = state;
    if (event.type !== 'CaseResolved') return [];
    const { caseId, memberId } = event.data;
    const about = cases.get(caseId);
    if (!about) return [];
    const who = respondent(about.subject, about.clientId);
    const last = lastAskedAt.get(who);
    const quietDays = numberSetting(settings, 'quietDays');
    const zone = zoneOf(state, memberId, event.occurredAt);
    if (last !== undefined && daysAfter(last, quietDays, zone) > event.occurredAt) return [{ because: `asked on ${localDay(last, zone)}, less than ${quietDays} days before` }];
    lastAskedAt.set(who, event.occurredAt);
    return [{ command: build(SendSurvey, defined({ surveyId: NEW_ID, kind: 'csat' as const, subject: { kind: 'case' as const, id: caseId }, ownerId: memberId, clientId: about.clientId, caseId })), because: 'the case was resolved' }];
  },
});
