import type { ClientEvent } from '../../libs/domain/client/events.js';
import type { FollowUpEvent } from '../../libs/domain/follow-up/events.js';
import type { MeetingEvent } from '../../libs/domain/meeting/events.js';
import type { SurveyEvent, SurveyKind } from '../../libs/domain/survey/events.js';
import type { Instant, Money, Recorded } from '../../libs/kernel/event.js';
import { projection, type Rows } from '../../libs/kernel/projection.js';
import { caseRows, evolveCase, type CaseFact, type CaseHistory } from './case-history.js';
import { clientRows, evolveClient, type ClientFact, type ClientHistory } from './client-history.js';
import { retentionTables, type RetentionTable } from './retention.tables.js';

interface Purchase {
  readonly kind: 'purchase';
  readonly clientId: string;
  readonly at: Instant;
  readonly amount: Money;
  readonly ownerId: string;
  readonly product?: string;
}

interface Survey {
  readonly kind: 'survey';
  readonly asks: SurveyKind;
  readonly ownerId: string;
  readonly clientId?: string;
  readonly sentAt?: Instant;
  readonly answer?: { readonly at: Instant; readonly score: number };
}

/** A follow-up or meeting with a client. */
interface Touch {
  readonly kind: 'touch';
  readonly by: 'follow_up' | 'meeting';
  readonly clientId: string;
  readonly at?: Instant;
}

type State = ClientHistory | CaseHistory | Purchase | Survey | Touch;
type TouchFact = Extract<FollowUpEvent, { type: 'FollowUpScheduled' | 'FollowUpCompleted' }> | Extract<MeetingEvent, { type: 'MeetingScheduled' | 'MeetingHeld' }>;
export type RetentionEvent = ClientFact | CaseFact | SurveyEvent | TouchFact | Extract<ClientEvent, { type: 'PurchaseRecorded' }>;

const ofKind = <K extends State['kind']>(state: State | undefined, kind: K): Extract<State, { kind: K }> | undefined =>
  state?.kind === kind ? (state as Extract<State, { kind: K }>) : undefined; // its kind was just looked at

const clientOf = ({ clientId, subject }: { readonly clientId?: string; readonly subject: { readonly kind: string; readonly id: string } }): { clientId?: string } => {
  const id = clientId ?? (subject.kind === 'client' ? subject.id : undefined);
  return id === undefined ? {} : { clientId: id };
};

function evolveSurvey(state: Survey | undefined, { type, data, occurredAt }: Recorded<SurveyEvent>): Survey {
  const survey: Survey = { kind: 'survey', asks: data.kind, ownerId: data.ownerId, ...clientOf(data), ...state };
  return type === 'SurveySent' ? { ...survey, sentAt: occurredAt } : { ...survey, answer: { at: occurredAt, score: data.score } };
}

function evolveTouch(state: Touch | undefined, event: Recorded<TouchFact>): Touch | undefined {
  if (event.type === 'FollowUpCompleted' || event.type === 'MeetingHeld') return state && { ...state, at: event.occurredAt };
  const { subject } = event.data;
  return subject.kind === 'client' ? { kind: 'touch', by: event.type === 'MeetingScheduled' ? 'meeting' : 'follow_up', clientId: subject.id } : undefined;
}

function evolve(state: State | undefined, event: Recorded<RetentionEvent>): State | undefined {
  switch (event.type) {
    case 'ClientOnboarded': case 'ClientRenewed': case 'ClientExpanded': case 'ClientDownsized': case 'ClientChurned': case 'ClientWonBack': case 'ClientReassigned': return evolveClient(ofKind(state, 'client'), event);
    case 'CaseOpened': case 'CaseResponded': case 'CaseEscalated': case 'CaseResolved': case 'CaseReopened': case 'PromiseMade': case 'PromiseKept': case 'PromiseBroken': case 'CaseServiceLevelBreached': return evolveCase(ofKind(state, 'case'), event);
    case 'SurveySent': case 'SurveyAnswered': return evolveSurvey(ofKind(state, 'survey'), event);
    case 'FollowUpScheduled': case 'FollowUpCompleted': case 'MeetingScheduled': case 'MeetingHeld': return evolveTouch(ofKind(state, 'touch'), event);
    case 'PurchaseRecorded': return state ?? { kind: 'purchase', clientId: event.data.clientId, at: event.occurredAt, amount: event.data.amount, ownerId: event.data.ownerId, ...(event.data.product !== undefined && { product: event.data.product }) };
  }
}

function rows(state: State, key: string): Rows<RetentionTable> {
  const id = key.slice(key.indexOf('-') + 1);
  switch (state.kind) {
    case 'client': return clientRows(state, id);
    case 'case': return caseRows(state, id);
    case 'purchase': return { purchase: [{ purchase_id: id, client_id: state.clientId, bought_at: state.at, amount_minor: state.amount.amountMinor, currency: state.amount.currency, owner_id: state.ownerId, product: state.product ?? null }] };
    case 'survey':
      return { survey: [{ survey_id: id, kind: state.asks, owner_id: state.ownerId, client_id: state.clientId ?? null, sent_at: state.sentAt ?? null, answered_at: state.answer?.at ?? null, score: state.answer?.score ?? null }] };
    case 'touch': return { touch: state.at === undefined ? [] : [{ touch_kind: state.by, touch_id: id, client_id: state.clientId, touched_at: state.at }] };
  }
}

/** Clients and what keeps them: revenue, purchases, surveys, cases and promises, one row a fact. */
export const retention = projection<State, RetentionEvent, RetentionTable>({
  name: 'retention',
  version: 3,
  tables: retentionTables,
  /** Who had something is decided by when it was handed on, not by what was told last. */
  revises: ['client', 'ownership', 'case', 'round'],
  events: [
    'ClientOnboarded', 'PurchaseRecorded', 'ClientRenewed', 'ClientExpanded', 'ClientDownsized', 'ClientChurned', 'ClientWonBack', 'ClientReassigned',
    'CaseOpened', 'CaseResponded', 'CaseEscalated', 'CaseResolved', 'CaseReopened', 'PromiseMade', 'PromiseKept', 'PromiseBroken', 'CaseServiceLevelBreached',
    'SurveySent', 'SurveyAnswered', 'FollowUpScheduled', 'FollowUpCompleted', 'MeetingScheduled', 'MeetingHeld',
  ],
  // A client that buys every day would otherwise carry all its purchases through every further event: each is a key of its own.
  key: (event) => (event.type === 'PurchaseRecorded' ? `purchase-${event.data.clientId}/${event.data.purchaseId}` : event.stream),
  evolve,
  rows,
});
