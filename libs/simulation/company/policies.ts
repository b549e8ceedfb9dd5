import { DefinePipeline, SetPolicy } from '../../domain/policy/commands.js';
import type { PipelineStage } from '../../domain/policy/events.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { FOUNDER } from './roster.js';
import { COMPANY_CURRENCY, COMPANY_ZONE, holidaysOf } from './setting.js';

export const NEW_BUSINESS_STAGES: readonly PipelineStage[] = [
  { stage: 'discovery', name: 'Discovery', probabilityPercent: 10, serviceLevelDays: 14 },
  { stage: 'evaluation', name: 'Evaluation', probabilityPercent: 25, serviceLevelDays: 21 },
  { stage: 'proposal', name: 'Proposal', probabilityPercent: 50, serviceLevelDays: 21 },
  { stage: 'negotiation', name: 'Negotiation', probabilityPercent: 75, serviceLevelDays: 30 },
];

export const GROWTH_STAGES: readonly PipelineStage[] = [
  { stage: 'need', name: 'Need', probabilityPercent: 30, serviceLevelDays: 10 },
  { stage: 'offer', name: 'Offer', probabilityPercent: 55, serviceLevelDays: 14 },
  { stage: 'agreement', name: 'Agreement', probabilityPercent: 80, serviceLevelDays: 21 },
];

const GRACE_MINUTES_AT_FIRST = 240;
const GRACE_MINUTES_LATER = 120;

/** Lays down how the company works, and changes its mind on some of it later. */
export function startPolicies(company: Company): void {
  const { world, pipelines } = company;
  const { startMs, endMs } = world.plan;
  const year = new Date(startMs).getUTCFullYear();
  world.at(startMs, () => {
    company.send(FOUNDER, build(SetPolicy, {
      zone: COMPANY_ZONE, currency: COMPANY_CURRENCY, fiscalYearStartMonth: 1, followUpGraceMinutes: GRACE_MINUTES_AT_FIRST, leadResponseMinutes: 240, caseResponseMinutes: 300, caseResolutionMinutes: 1_440,
      contractTurnaroundDays: 14, businessDays: [1, 2, 3, 4, 5], businessHours: { from: '08:30', to: '16:30' }, holidays: [...holidaysOf(year), ...holidaysOf(year + 1)], noContactDays: 60,
    }));
    company.followUpGraceMinutes = GRACE_MINUTES_AT_FIRST;
    company.send(FOUNDER, build(DefinePipeline, { pipelineId: pipelines.newBusiness, name: 'New business (made up)', stages: NEW_BUSINESS_STAGES }));
    company.send(FOUNDER, build(DefinePipeline, { pipelineId: pipelines.growth, name: 'Growth (made up)', stages: GROWTH_STAGES }));
  });
  world.at(startMs + 0.5 * (endMs - startMs), () => {
    const lead = company.people[0]!; // founders never leave
    company.send(lead, build(SetPolicy, { followUpGraceMinutes: GRACE_MINUTES_LATER, caseResponseMinutes: 240 }));
    company.followUpGraceMinutes = GRACE_MINUTES_LATER;
    // What was learned of the chances so far; the stages stay the same.
    const stages = NEW_BUSINESS_STAGES.map((stage) => ({ ...stage, probabilityPercent: stage.probabilityPercent + 5 }));
    company.send(lead, build(DefinePipeline, { pipelineId: pipelines.newBusiness, name: 'New business (made up)', stages }));
  });
}
