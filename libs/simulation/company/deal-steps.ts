import { ClearRoadblock, MoveDealStage, RaiseRoadblock, ReviseDealValue, SplitDealCredit } from '../../domain/deal/commands.js';
import type { LostReason, RoadblockCause } from '../../domain/deal/events.js';
import { ShareMaterial } from '../../domain/enablement/commands.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { loseDeal } from './closing.js';
import { draftContract } from './contracts.js';
import { rateOf, roundedMinor, type Deal } from './deal.js';
import { planFollowUp } from './follow-ups.js';
import { planMeeting } from './meetings.js';
import { allocateTask } from './tasks.js';
import { DAY_MS, HOUR_MS } from './work-time.js';

const STAGE_DAYS_MEDIAN = 7;
const STAGE_DAYS_SPREAD = 0.7;
const LOSE_CHANCE = 0.2;
const STALL_CHANCE = 0.08;
const STALL_DAYS = [20, 55] as const;
const BACK_CHANCE = 0.06;
const SKIP_CHANCE = 0.08;
const REVISE_CHANCE = 0.22;
const ROADBLOCK_CHANCE = 0.14;
const ROADBLOCK_STAYS_CHANCE = 0.15;
const SPLIT_CHANCE = 0.05;
const FOLLOW_UP_CHANCE = 0.75;
const MEETING_CHANCE = 0.3;
const TASK_CHANCE = 0.3;
const SHARE_CHANCE = 0.3;

const REASONS: Readonly<Partial<Record<LostReason, number>>> = { price: 27, competitor: 22, no_decision: 20, no_budget: 12, timing: 9, product_gap: 6, unreachable: 4 };

/** Plans the deal's next move; with every move comes work around it. */
export function nextStep(company: Company, deal: Deal, days = deal.random.lognormal(STAGE_DAYS_MEDIAN, STAGE_DAYS_SPREAD) * deal.owner.pace): void {
  workAround(company, deal);
  company.whenAtWork(deal.owner, Math.max(0.9, days) * DAY_MS, deal.random, () => step(company, deal));
}

function step(company: Company, deal: Deal): void {
  if (!deal.isOpen) return;
  const { random, owner, quality, stages } = deal;
  const last = stages.length - 1;
  if (deal.stage >= last) return draftContract(company, deal); // taken up again where it had been lost
  if (random.chance(LOSE_CHANCE / (Math.sqrt(quality) * owner.skill))) return loseDeal(company, deal, random.word(REASONS));
  if (random.chance(STALL_CHANCE)) return nextStep(company, deal, random.between(...STALL_DAYS));
  if (deal.stage > 0 && random.chance(BACK_CHANCE)) return move(company, deal, deal.stage - 1);
  const skips = deal.stage + 2 <= last && random.chance(SKIP_CHANCE);
  move(company, deal, deal.stage + (skips ? 2 : 1));
}

function move(company: Company, deal: Deal, stage: number): void {
  deal.stage = stage;
  company.send(deal.owner, build(MoveDealStage, { dealId: deal.id, stage: deal.stages[stage]! }));
  if (stage < deal.stages.length - 1) return nextStep(company, deal);
  workAround(company, deal);
  company.whenAtWork(deal.owner, deal.random.between(0.2, 4) * DAY_MS, deal.random, () => draftContract(company, deal));
}

function workAround(company: Company, deal: Deal): void {
  const { random, owner } = deal;
  const subject = { kind: 'deal', id: deal.id } as const;
  const soon = (run: () => void): void => company.whenAtWork(owner, random.between(0.2, 40) * HOUR_MS, random, () => { if (deal.isOpen) run(); });
  if (random.chance(FOLLOW_UP_CHANCE)) soon(() => planFollowUp(company, deal.owner, { subject, days: random.whole(1, 6) }));
  if (random.chance(MEETING_CHANCE)) soon(() => planMeeting(company, deal.owner, { subject, title: `${deal.product}: ${deal.company}`, days: random.whole(2, 9), quality: deal.quality }));
  if (random.chance(TASK_CHANCE)) soon(() => allocateTask(company, deal.owner, { title: random.pick(['Prepare the offer', 'Prepare the demo', 'Answer the security questions', 'Work out the business case']), subject }));
  if (random.chance(REVISE_CHANCE)) soon(() => revise(company, deal));
  if (random.chance(ROADBLOCK_CHANCE)) soon(() => block(company, deal));
  if (random.chance(SPLIT_CHANCE)) soon(() => split(company, deal));
  if (random.chance(SHARE_CHANCE) && company.materialIds.length > 0) {
    soon(() => company.send(deal.owner, build(ShareMaterial, { materialId: random.pick(company.materialIds), subject, memberId: deal.owner.id })));
  }
}

function revise(company: Company, deal: Deal): void {
  const { random } = deal;
  if (random.chance(0.35)) {
    return company.send(deal.owner, build(ReviseDealValue, { dealId: deal.id, expectedCloseOn: company.day(random.whole(20, 90)), reason: 'they need more time' }));
  }
  deal.value = { ...deal.value, amountMinor: roundedMinor(deal.value.amountMinor * random.lognormal(0.95, 0.22)) };
  company.send(deal.owner, build(ReviseDealValue, { dealId: deal.id, value: deal.value, ...rateOf(company, deal.value), reason: random.pick(['more seats', 'fewer seats', 'discount', 'longer term']) }));
}

function block(company: Company, deal: Deal): void {
  const { random, id: dealId } = deal;
  const roadblockId = `r${(deal.roadblocks += 1)}`;
  const cause = random.word<RoadblockCause>({ legal: 20, pricing: 20, technical: 18, budget: 16, decision_maker: 16, competitor: 6, resources: 4 });
  company.send(deal.owner, build(RaiseRoadblock, { dealId, roadblockId, cause }));
  if (random.chance(ROADBLOCK_STAYS_CHANCE)) return;
  company.whenAtWork(deal.owner, random.lognormal(5, 0.8) * DAY_MS, random, () => {
    if (deal.isOpen) company.send(deal.owner, build(ClearRoadblock, { dealId, roadblockId }));
  });
}

function split(company: Company, deal: Deal): void {
  const helper = company.someone('coordinator', deal.random, { region: deal.market.region, not: deal.owner });
  const percent = deal.random.pick([20, 30, 40, 50]);
  if (helper !== deal.owner) company.send(deal.owner, build(SplitDealCredit, { dealId: deal.id, shares: [{ memberId: deal.owner.id, percent: 100 - percent }, { memberId: helper.id, percent }] }));
}
