import type { DomainEvent } from '../../libs/kernel/event.js';
import type { Said } from '../../libs/testing/in-memory-log.js';
import type { Step } from './coordinator-efficiency.histories.js';

const HOUR_MS = 3_600_000;
/** The history runs over a leap day and both clock changes of a year. */
const STARTS_AT = Date.UTC(2023, 9, 2, 6);
const MEMBERS = ['ada', 'ben', 'cyd', 'dan'] as const;
const iso = (ms: number): string => new Date(ms).toISOString();

interface Client { id: string; owner: string; currency: string; monthly: number; active: boolean; since: number }
interface Case { id: string; owner: string; open: boolean; since: number; opened: number; answered: boolean; promises: string[] }

const SETUP: readonly (DomainEvent & { stream: string })[] = [
  { type: 'PolicySet', stream: 'policy-settings', data: { policyId: 'settings', settings: { zone: 'Europe/Zurich', noContactDays: 45 } } },
  { type: 'MemberAdded', stream: 'member-ada', data: { memberId: 'ada', name: 'Ada', role: 'coordinator', zone: 'Europe/Zurich', teamId: 'north', region: 'EU' } },
  { type: 'MemberAdded', stream: 'member-ben', data: { memberId: 'ben', name: 'Ben', role: 'executive', zone: 'America/New_York', teamId: 'south' } },
  { type: 'MemberAdded', stream: 'member-cyd', data: { memberId: 'cyd', name: 'Cyd', role: 'coordinator', zone: 'Asia/Kolkata', teamId: 'south' } },
];

/** A year of clients, from steps that mean nothing by themselves. */
export function clientHistory(taken: readonly Step[]): Said<DomainEvent>[] {
  let clock = STARTS_AT;
  const clients: Client[] = [];
  const cases: Case[] = [];
  const surveys: { id: string; kind: string; client: string; owner: string; sent: number }[] = [];
  const touches: { id: string; type: 'FollowUpCompleted' | 'MeetingHeld'; stream: string }[] = [];
  const said: Said<DomainEvent>[] = SETUP.map((event) => ({ ...event, occurredAt: iso(STARTS_AT - 100 * HOUR_MS), recordedAt: iso(STARTS_AT) }));
  taken.forEach(({ what, who, which, quarters, late }, index) => {
    clock += quarters * HOUR_MS;
    const member = MEMBERS[who % MEMBERS.length]!;
    const say = (type: string, stream: string, data: object, notBefore = 0): number => {
      const at = Math.max(notBefore, clock - late * HOUR_MS);
      said.push({ type, stream, data, occurredAt: iso(at), recordedAt: iso(clock) });
      return at;
    };
    const money = (client: Client, amountMinor: number) => ({ amountMinor, currency: client.currency });
    const client = clients[which % Math.max(1, clients.length)];
    const one = cases[which % Math.max(1, cases.length)];
    const soon = iso(clock + ((which % 50) + 1) * HOUR_MS);
    const tell = (type: string, to: number, more: object = {}): void => {
      if (!client) return;
      say(type, `client-${client.id}`, { clientId: client.id, ownerId: client.owner, from: money(client, client.monthly), to: money(client, to), ...more }, client.since);
      client.monthly = to;
    };
    const choice = what % 22;
    if (choice <= 2 || !client) {
      const leadId = who % 3 === 0 ? `l${index}` : undefined;
      const dealId = which % 2 ? `d${index}` : undefined;
      if (leadId !== undefined) say('LeadCaptured', `lead-${leadId}`, { leadId, contact: {}, source: ['web', 'fair'][which % 2], ...(which % 3 && { campaignId: `k${which % 2}` }), ...(quarters % 2 && { product: 'base' }) });
      if (dealId !== undefined) {
        const rate = quarters % 3 > 0 && { rate: { to: which % 3 ? 'EUR' : 'CHF', perUnitMicro: 900_000 + which } };
        say('DealOpened', `deal-${dealId}`, { dealId, name: 'n', ownerId: member, pipelineId: who % 2 ? 'p' : 'q', stage: 's', value: { amountMinor: 1, currency: which % 3 ? 'CHF' : 'EUR' }, ...rate, ...(leadId !== undefined && { leadId }), ...(quarters % 2 && { source: 'referral', product: 'pro' }) });
      }
      const made: Client = { id: `c${index}`, owner: member, currency: which % 4 ? 'EUR' : 'CHF', monthly: which % 7 === 0 ? 0 : which * 10, active: true, since: 0 };
      made.since = say('ClientOnboarded', `client-${made.id}`, {
        clientId: made.id, name: 'n', ownerId: member, monthlyRevenue: money(made, made.monthly), contact: {}, ...(which % 3 && { segment: which % 2 ? 'small' : 'large' }), ...(who % 3 && { region: 'EU' }), ...(dealId !== undefined ? { dealId } : leadId !== undefined && { leadId }), ...(who % 5 === 0 && { product: 'pro' }), ...(who % 2 && { renewal: { on: '2024-01-01', lapsesAt: iso(clock + which * HOUR_MS) } }),
      });
      clients.push(made);
    } else if (choice === 3 && client.active) tell('ClientExpanded', client.monthly + which + 1);
    else if (choice === 4 && client.active && client.monthly > 1) tell('ClientDownsized', Math.floor(client.monthly / 2));
    else if (choice === 5 && client.active) { tell('ClientChurned', 0, { reason: 'price' }); client.active = false; }
    else if (choice === 6 && !client.active) { tell('ClientWonBack', which * 8); client.active = true; }
    else if (choice === 7 && client.owner !== member) { say('ClientReassigned', `client-${client.id}`, { clientId: client.id, ownerId: member, from: client.owner }, client.since); client.owner = member; }
    else if (choice === 8 && client.active) say('ClientRenewed', `client-${client.id}`, { clientId: client.id, ownerId: client.owner, monthlyRevenue: money(client, client.monthly), renewal: { on: '2024-06-01', lapsesAt: iso(clock + which * HOUR_MS) } }, client.since);
    else if (choice <= 10) say('PurchaseRecorded', `client-${client.id}`, { clientId: client.id, purchaseId: `p${index}`, amount: money(client, which + 1), ownerId: client.owner, ...(who % 2 && { product: 'base' }) }, client.since);
    else if (choice <= 12) {
      const kind = who % 2 ? 'csat' : 'nps';
      surveys.push({ id: `s${index}`, kind, client: client.id, owner: member, sent: say('SurveySent', `survey-s${index}`, { surveyId: `s${index}`, kind, subject: { kind: 'client', id: client.id }, ownerId: member, clientId: client.id }) });
    } else if (choice <= 14) {
      const [survey] = surveys.splice(which % Math.max(1, surveys.length), 1);
      if (survey) say('SurveyAnswered', `survey-${survey.id}`, { surveyId: survey.id, kind: survey.kind, score: survey.kind === 'csat' ? (who % 5) + 1 : who % 11, subject: { kind: 'client', id: survey.client }, ownerId: survey.owner, respondentId: survey.client, clientId: survey.client }, survey.sent);
    } else if (choice === 15) {
      const opened = say('CaseOpened', `case-k${index}`, { caseId: `k${index}`, kind: 'issue', subject: { kind: which % 3 ? 'client' : 'deal', id: client.id }, ownerId: member, title: 't', responseDueAt: soon, resolutionDueAt: iso(Date.parse(soon) + 30 * HOUR_MS) });
      cases.push({ id: `k${index}`, owner: member, open: true, since: opened, opened, answered: false, promises: [] });
    } else if (choice <= 19 && one) caseStep(one, choice, { which, who, index, member, soon, say });
    else if (choice === 20) {
      const meets = who % 2 === 1;
      const [type, stream] = meets ? (['MeetingScheduled', `meeting-t${index}`] as const) : (['FollowUpScheduled', `followUp-t${index}`] as const);
      say(type, stream, { followUpId: `t${index}`, meetingId: `t${index}`, subject: { kind: 'client', id: client.id }, ownerId: member, dueAt: soon, graceMinutes: 0, title: 't', attendeeIds: [], startsAt: soon, endsAt: soon, zone: 'UTC' });
      touches.push({ id: `t${index}`, type: meets ? 'MeetingHeld' : 'FollowUpCompleted', stream });
    } else {
      const [touch] = touches.splice(which % Math.max(1, touches.length), 1);
      if (touch) say(touch.type, touch.stream, { followUpId: touch.id, meetingId: touch.id, outcome: 'reached' });
    }
  });
  return said;
}

interface CaseStep { which: number; who: number; index: number; member: string; soon: string; say: (type: string, stream: string, data: object, notBefore?: number) => number }

function caseStep(one: Case, choice: number, { which, who, index, member, soon, say }: CaseStep): void {
  const stream = `case-${one.id}`;
  if (choice === 16 && one.open) {
    say('CaseResponded', stream, { caseId: one.id, responseId: `r${index}`, memberId: member, first: !one.answered, businessMinutes: which }, one.opened);
    one.answered = true;
  } else if (choice === 17 && one.open) {
    if (who % 3 === 0 && one.owner !== member) {
      say('CaseEscalated', stream, { caseId: one.id, ownerId: member, from: one.owner, level: 1, reason: 'r' }, one.opened);
      one.owner = member;
    } else {
      one.since = say('CaseResolved', stream, { caseId: one.id, memberId: member, businessMinutes: which * 2, resolution: 'r' }, one.since);
      one.open = false;
    }
  } else if (choice === 18 && !one.open) {
    one.since = say('CaseReopened', stream, { caseId: one.id, reason: 'r', resolutionDueAt: soon }, one.since);
    one.open = true;
  } else if (choice === 19) {
    const promise = one.promises.pop();
    if (promise !== undefined && who % 2) say('PromiseKept', stream, { caseId: one.id, promiseId: promise });
    else if (one.open) {
      one.promises.push(`q${index}`);
      say('PromiseMade', stream, { caseId: one.id, promiseId: `q${index}`, memberId: member, promise: 'p', dueAt: soon });
    }
  }
}
