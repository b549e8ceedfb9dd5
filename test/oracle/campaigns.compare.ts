import type { AnswerHead } from '../../libs/kernel/report.js';
import type { CampaignsAnswer } from '../../projections/campaigns/campaigns.report.js';
import { campaignsOracle, type Question } from './campaigns.js';
import { Comparison, type At } from './differences.js';
import { knownTo, type Live } from './live.js';

/** Every campaign of each answer, by the report and by plain loops over the events it rests on. */
export async function compareCampaigns({ log, ask }: Live, questions: readonly At<Question>[]): Promise<{ readonly found: Comparison; readonly won: number }> {
  const found = new Comparison();
  let won = 0;
  for (const { asked, asOf } of questions) {
    const answer = await ask<CampaignsAnswer & AnswerHead>({ ...asked, ...(asked.campaign && { campaign: asked.campaign.join() }), ...(asOf !== undefined && { asOf }) });
    const oracle = campaignsOracle(knownTo(log, answer), asked);
    const told = answer.campaigns.map(({ campaignId, startsOn, status, cost, leads, wonDeals, wonValues, costPerLeadMinor, costPerWonDealMinor }) => ({
      campaignId, startsOn, ended: status === 'ended', cost: cost ? [cost.amountMinor, cost.currency, cost.is] : undefined, leads, won: wonDeals,
      values: wonValues.map(({ currency, deals, amountMinor, minorPerLead }) => [currency, deals, amountMinor, minorPerLead]), perLead: costPerLeadMinor, perDeal: costPerWonDealMinor,
    }));
    found.compare({ asked, asOf: answer.asOf }, { total: answer.total, told }, { total: oracle.length, told: oracle });
    won += told.reduce((sum, each) => sum + each.won, 0);
  }
  return { found, won };
}
