import { randomInt } from 'node:crypto';
import { DisableRule, EnableRule, type AutomationCommand } from '../../../libs/domain/automation/commands.js';
import { DefineBonusPlan, type BonusCommand } from '../../../libs/domain/bonus/commands.js';
import type { ContactCommand } from '../../../libs/domain/contact/commands.js';
import { AssignTraining, PublishMaterial, RecordCertification, type EnablementCommand } from '../../../libs/domain/enablement/commands.js';
import type { MemberCommand } from '../../../libs/domain/member/commands.js';
import { SetPolicy, type PolicyCommand } from '../../../libs/domain/policy/commands.js';
import { DefineReport, type ReportsCommand } from '../../../libs/domain/reports/commands.js';
import { SetTarget, type TargetCommand } from '../../../libs/domain/target/commands.js';
import { LogWork, type WorkLogCommand } from '../../../libs/domain/work-log/commands.js';
import { dayIn, euros, freshId, inDays, STAGES, type Samples, type Scene } from './scene.js';

const FIRST_QUARTER = { from: '2026-01-01', to: '2026-03-31' };

export const policySamples: Samples<PolicyCommand> = {
  DefinePipeline: () => ({ pipelineId: freshId('pipeline'), name: 'Renewals', stages: STAGES.map((stage, index) => ({ stage, name: stage, probabilityPercent: 30 * index, serviceLevelDays: 7 })) }),
  SetPolicy: (scene) => {
    // The company has one policy: only what differs from the one before it is written.
    const noContactDays = randomInt(1, 3_000);
    scene.given(SetPolicy, { noContactDays });
    return {
      zone: 'UTC', currency: 'EUR', fiscalYearStartMonth: 1, followUpGraceMinutes: 0, leadResponseMinutes: 240, caseResponseMinutes: 480, caseResolutionMinutes: 2_880, contractTurnaroundDays: 14,
      businessDays: [1, 2, 3, 4, 5], businessHours: { from: '09:00', to: '17:00' }, holidays: ['2026-12-25'], noContactDays: noContactDays + 1,
    };
  },
};

export const memberSamples: Samples<MemberCommand> = {
  AddMember: (scene) => ({ memberId: freshId('member'), name: 'Ada Quist', role: 'coordinator', zone: 'Europe/Zurich', email: 'ada@quist.example', teamId: freshId('team'), managerId: scene.member('manager'), region: 'north' }),
  ChangeRole: (scene) => ({ memberId: scene.member(), role: 'executive' }),
  MoveToTeam: (scene) => ({ memberId: scene.member(), teamId: freshId('team'), managerId: scene.member('manager'), region: 'south' }),
  SetWorkCalendar: (scene) => ({ memberId: scene.member(), zone: 'Asia/Kathmandu', weekdays: [1, 2, 3, 4], hours: { from: '08:00', to: '16:30' }, holidays: ['2026-12-25', '2026-12-26'] }),
  SetCapacity: (scene) => ({ memberId: scene.member(), openItemsMax: 25 }),
  RecordAbsence: (scene) => ({ memberId: scene.member(), firstDay: dayIn(10), lastDay: dayIn(20), reason: 'Holiday.' }),
  OffboardMember: (scene) => ({ memberId: scene.member(), leftAt: inDays(30), reason: 'Moves abroad.' }),
};

function targeted(scene: Scene): string {
  const targetId = freshId('target');
  scene.given(SetTarget, { targetId, metric: 'won_deals', scope: 'company', period: FIRST_QUARTER, amount: 40 });
  return targetId;
}

export const targetSamples: Samples<TargetCommand> = {
  SetTarget: (scene) => ({
    targetId: freshId('target'), metric: 'booked_value', scope: 'member', scopeId: scene.member(), period: FIRST_QUARTER, amount: 9_000_000, currency: 'EUR', zone: 'Europe/Zurich', weights: [20, 30, 50], note: 'Spring is slow.',
  }),
  ReviseTarget: (scene) => ({ targetId: targeted(scene), amount: 45, weights: [1, 1, 2], reason: 'One more seller.' }),
  WithdrawTarget: (scene) => ({ targetId: targeted(scene), reason: 'Reorganised.' }),
};

const TIERS = [{ attainmentPercentFrom: 80, rateBasisPoints: 150 }, { attainmentPercentFrom: 100, amountMinor: 50_000 }];

function bonusPlan(scene: Scene): { planId: string; memberId: string } {
  const plan = { planId: freshId('plan'), memberId: scene.member() };
  scene.given(DefineBonusPlan, { planId: plan.planId, name: 'Quarter bonus', metric: 'booked_value', periodKind: 'quarter', currency: 'EUR', memberIds: [plan.memberId], tiers: TIERS, clawback: true, effectiveFrom: '2026-01-01' });
  return plan;
}

export const bonusSamples: Samples<BonusCommand> = {
  DefineBonusPlan: (scene) => ({
    planId: freshId('plan'), name: 'Quarter bonus', metric: 'booked_value', periodKind: 'quarter', currency: 'EUR', memberIds: [scene.member(), scene.member()], tiers: TIERS, capMinor: 500_000, clawback: true, effectiveFrom: '2026-01-01',
  }),
  ReviseBonusPlan: (scene) => {
    const { planId, memberId } = bonusPlan(scene);
    return { planId, memberIds: [memberId], tiers: TIERS, capMinor: 600_000, clawback: false, effectiveFrom: '2026-04-01', reason: 'Higher cap.' };
  },
  ApproveBonus: (scene) => ({ ...bonusPlan(scene), period: FIRST_QUARTER, amount: euros(1_200), lines: [{ label: 'Vela Marine', amountMinor: 70_000, dealIds: [freshId('deal')] }, { label: 'Orla', amountMinor: 50_000, dealIds: [] }], note: 'Well done.' }),
};

export const workLogSamples: Samples<WorkLogCommand> = {
  LogWork: (scene) => ({ workLogId: freshId('work'), memberId: scene.member(), category: 'data_entry', minutes: 45, on: dayIn(-1), automated: false, note: 'Fair contacts.' }),
  CorrectWork: (scene) => {
    const workLogId = freshId('work');
    scene.given(LogWork, { workLogId, memberId: scene.member(), category: 'data_entry', minutes: 45, on: dayIn(-1) });
    return { workLogId, category: 'reporting', minutes: 30, on: dayIn(-2), reason: 'Wrong day.' };
  },
};

export const enablementSamples: Samples<EnablementCommand> = {
  AssignTraining: (scene) => ({ trainingId: freshId('training'), memberId: scene.member(), course: 'Negotiation', dueOn: dayIn(30) }),
  CompleteTraining: (scene) => {
    const trainingId = freshId('training');
    scene.given(AssignTraining, { trainingId, memberId: scene.member(), course: 'Negotiation' });
    return { trainingId, scorePercent: 88 };
  },
  RecordCertification: (scene) => ({ certificationId: freshId('certificate'), memberId: scene.member(), certificate: 'Marine electronics', issuedOn: '2026-01-15', expiresOn: '2028-01-15', issuer: 'Trade board' }),
  MarkCertificateExpired: (scene) => {
    const certificationId = freshId('certificate');
    const expiresOn = dayIn(-40);
    scene.given(RecordCertification, { certificationId, memberId: scene.member(), certificate: 'Marine electronics', issuedOn: dayIn(-400), expiresOn });
    return { certificationId, expiresOn };
  },
  PublishMaterial: () => ({ materialId: freshId('material'), title: 'Fleet one-pager', kind: 'one_pager', edition: '2026-1', product: 'fleet', url: 'https://files.example/fleet.pdf' }),
  ShareMaterial: (scene) => {
    const materialId = freshId('material');
    scene.given(PublishMaterial, { materialId, title: 'Fleet one-pager', kind: 'one_pager' });
    return { materialId, subject: { kind: 'deal', id: scene.deal() }, memberId: scene.member() };
  },
};

export const automationSamples: Samples<AutomationCommand> = {
  // There is one rule of each name: it is switched off first, so that switching it on is news.
  EnableRule: (scene) => {
    scene.given(DisableRule, { ruleId: 'first_follow_up' });
    return { ruleId: 'first_follow_up', settings: { minutesSaved: randomInt(1, 1_000), teamIds: ['north'] } };
  },
  DisableRule: (scene) => {
    scene.given(EnableRule, { ruleId: 'renewal_reminder', settings: { minutesSaved: randomInt(1, 1_000) } });
    return { ruleId: 'renewal_reminder', reason: 'Too many reminders.' };
  },
};

export const reportsSamples: Samples<ReportsCommand> = {
  DefineReport: () => ({ reportId: freshId('report'), name: 'Funnel, north', report: 'funnel', params: { region: 'north', from: '2026-01-01' } }),
  PublishReport: (scene) => {
    const reportId = freshId('report');
    scene.given(DefineReport, { reportId, name: 'Funnel, north', report: 'funnel', params: { region: 'north' } });
    return { reportId, figures: { won: 12, rate: 0.25, byStage: [{ stage: 'proposal', count: 3 }] }, definition: { name: 'funnel', version: 2 }, position: 4_711, asOf: inDays(-1) };
  },
};

export const contactSamples: Samples<ContactCommand> = {
  ForgetContact: () => ({ contactId: freshId('person'), reason: 'requested' }),
};
