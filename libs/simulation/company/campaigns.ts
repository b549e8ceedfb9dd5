import { EndCampaign, LaunchCampaign } from '../../domain/campaign/commands.js';
import type { CampaignChannel } from '../../domain/campaign/events.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';
import { COMPANY_CURRENCY, SEASON } from './setting.js';
import { DAY_MS } from './work-time.js';

const FIRST_AFTER_DAYS = 8;
const EVERY_DAYS = [25, 50] as const;
const LASTS_DAYS = [20, 55] as const;
/** Of all leads, how many a running campaign brings on top; differs from campaign to campaign. */
const LEAD_SHARE = [0.04, 0.22] as const;

/** What a lead of each kind of campaign is worth, compared with a common one. */
const KINDS: readonly { readonly channel: CampaignChannel; readonly source: string; readonly quality: number; readonly budgetMinor: number }[] = [
  { channel: 'email', source: 'newsletter', quality: 0.8, budgetMinor: 250_000 },
  { channel: 'webinar', source: 'webinar', quality: 1.2, budgetMinor: 600_000 },
  { channel: 'event', source: 'fair', quality: 1.1, budgetMinor: 2_500_000 },
  { channel: 'search', source: 'search-ad', quality: 0.9, budgetMinor: 1_200_000 },
  { channel: 'social', source: 'social', quality: 0.55, budgetMinor: 800_000 },
  { channel: 'partner', source: 'partner', quality: 1.4, budgetMinor: 900_000 },
];

/** One campaign after the other, some of them at the same time. */
export function startCampaigns(company: Company): void {
  const random = company.world.random.fork('campaigns');
  const launch = (number: number): void => {
    company.world.at(company.nowMs + random.between(...EVERY_DAYS) * DAY_MS, () => launch(number + 1));
    const { channel, source, quality, budgetMinor } = KINDS[(number + company.world.plan.seed) % KINDS.length]!;
    const sender = company.someone('manager', random);
    const lastsDays = random.whole(...LASTS_DAYS);
    const id = company.world.id('campaign');
    const budget = { amountMinor: Math.round((budgetMinor * random.between(0.6, 1.5)) / 10_000) * 10_000, currency: COMPANY_CURRENCY };
    const month = new Date(company.nowMs).getUTCMonth();
    company.send(sender, build(LaunchCampaign, { campaignId: id, name: `Made-up ${channel} campaign ${number}`, channel, startsOn: company.day(), endsOn: company.day(lastsDays), budget }));
    const running = { id, source, quality, share: random.between(...LEAD_SHARE) * (SEASON[month] ?? 1) };
    company.campaigns.push(running);
    company.world.at(company.nowMs + lastsDays * DAY_MS, () => {
      company.campaigns.splice(company.campaigns.indexOf(running), 1);
      const spent = { ...budget, amountMinor: Math.round((budget.amountMinor * random.between(0.7, 1.25)) / 1_000) * 1_000 };
      company.send(company.someone('manager', random), build(EndCampaign, { campaignId: id, spent }));
    });
  };
  company.world.at(company.world.plan.startMs + FIRST_AFTER_DAYS * DAY_MS, () => launch(1));
}
