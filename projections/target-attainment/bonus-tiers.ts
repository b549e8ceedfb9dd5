import type { BonusTerms, BonusTier } from '../../libs/domain/bonus/events.js';
import type { Instant } from '../../libs/kernel/event.js';
import { scaled, sumExactly } from '../../libs/kernel/money.js';

/** One thing that counts towards a bonus: a deal won, a meeting held, a lead qualified. */
export interface Counted {
  readonly eventId: string;
  readonly subjectId: string;
  readonly at: Instant;
  /** Minor units of the plan's currency for booked value, otherwise a count. */
  readonly amount: number;
  /** When it was taken back. */
  readonly reversedAt: Instant | null;
}

/** Part of a bonus, with what is behind it. */
export interface AccrualLine {
  readonly kind: 'rate' | 'amount' | 'cap' | 'clawback';
  readonly label: string;
  readonly amountMinor: number;
  readonly dealIds: readonly string[];
  readonly eventIds: readonly string[];
}

const BASIS_POINTS = 10_000;
const WHOLE_PERCENT = 100;

/** A place in the running sum, in hundredths where they are whole: percents of large targets are beyond what doubles hold. */
interface Mark {
  readonly at: number;
  readonly hundredths?: bigint;
}

const NEVER: Mark = { at: Infinity };

const markOf = (amount: number): Mark =>
  (Number.isSafeInteger(amount) ? { at: amount, hundredths: BigInt(amount) * BigInt(WHOLE_PERCENT) } : { at: amount });

function thresholdOf(targetAmount: number, percent: number): Mark {
  const hundredths = BigInt(targetAmount) * BigInt(percent);
  return { at: Number(hundredths) / WHOLE_PERCENT, hundredths };
}

const isBefore = (a: Mark, b: Mark): boolean =>
  (a.hundredths === undefined || b.hundredths === undefined ? a.at < b.at : a.hundredths < b.hundredths);

/** What a rate pays between two places, rounded to the minor unit. */
const paidBetween = (from: Mark, until: Mark, rateBasisPoints: number): number =>
  (from.hundredths === undefined || until.hundredths === undefined
    ? Math.round(((until.at - from.at) * rateBasisPoints) / BASIS_POINTS)
    : scaled(until.hundredths - from.hundredths, rateBasisPoints, BASIS_POINTS * WHOLE_PERCENT));

interface Stretch {
  readonly counted: Counted;
  readonly from: number;
  readonly to: number;
}

/** Each thing's place in the running sum, in the order in which it happened. */
function stretchesOf(items: readonly Counted[]): Stretch[] {
  let sum = 0;
  return [...items].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.eventId < b.eventId ? -1 : 1)).map((counted) => {
    const from = sum;
    sum += counted.amount;
    return { counted, from, to: sum };
  });
}

const behind = (stretches: readonly Stretch[]): Pick<AccrualLine, 'dealIds' | 'eventIds'> =>
  ({ dealIds: [...new Set(stretches.map(({ counted }) => counted.subjectId))], eventIds: stretches.map(({ counted }) => counted.eventId) });

function tierLine(tier: BonusTier, start: Mark, next: Mark, stretches: readonly Stretch[]): AccrualLine | undefined {
  const sum = markOf(stretches.at(-1)?.to ?? 0);
  const threshold = start.at;
  if (isBefore(sum, start)) return undefined;
  if ('amountMinor' in tier) {
    return { kind: 'amount', label: `From ${tier.attainmentPercentFrom} % attainment`, amountMinor: tier.amountMinor, ...behind(stretches.filter(({ from }) => from < threshold)) };
  }
  const end = isBefore(next, sum) ? next : sum;
  const until = end.at;
  const amountMinor = paidBetween(start, end, tier.rateBasisPoints);
  const own = behind(stretches.filter(({ from, to }) => to > threshold && from < until));
  return amountMinor === 0 ? undefined : { kind: 'rate', label: `${tier.rateBasisPoints / WHOLE_PERCENT} % from ${tier.attainmentPercentFrom} % attainment`, amountMinor, ...own };
}

/** The bonus for what was achieved against a target: one line for each tier that pays, and the cap as a negative one. */
export function earnedLines({ tiers, capMinor }: Pick<BonusTerms, 'tiers' | 'capMinor'>, targetAmount: number, items: readonly Counted[]): AccrualLine[] {
  const stretches = stretchesOf(items);
  const startOf = (tier: BonusTier | undefined): Mark => (tier ? thresholdOf(targetAmount, tier.attainmentPercentFrom) : NEVER);
  const lines = tiers.flatMap((tier, index) => tierLine(tier, startOf(tier), startOf(tiers[index + 1]), stretches) ?? []);
  const sum = sumOf(lines);
  return capMinor === undefined || sum <= capMinor ? lines : [...lines, { kind: 'cap', label: 'Cap', amountMinor: capMinor - sum, dealIds: [], eventIds: [] }];
}

export const sumOf = (lines: readonly AccrualLine[]): number => sumExactly(lines.map(({ amountMinor }) => amountMinor));

/** A period of a plan for one member: what it paid by which terms and target, and what was achieved in it. */
export interface PaidPeriod {
  readonly label: string;
  readonly terms: Pick<BonusTerms, 'tiers' | 'capMinor' | 'clawback'>;
  readonly targetAmount: number;
  readonly items: readonly Counted[];
}

/**
 * What is taken back between two instants (the later excluded) of a period's bonus, for the deals reopened then: its bonus
 * without the deals reopened before the one instant, less its bonus without those reopened before the other.
 * So all takings-back of a period together never exceed what it paid. Undefined where nothing is taken back.
 */
export function clawbackLine({ label, terms, targetAmount, items }: PaidPeriod, since: Instant, until: Instant): AccrualLine | undefined {
  const taken = items.filter(({ reversedAt }) => reversedAt !== null && reversedAt >= since && reversedAt < until);
  if (!terms.clawback || taken.length === 0) return undefined;
  const left = (before: Instant): number => sumOf(earnedLines(terms, targetAmount, items.filter(({ reversedAt }) => reversedAt === null || reversedAt >= before)));
  const amountMinor = left(until) - left(since) + 0; // no negative zero
  return { kind: 'clawback', label: `Clawback of ${label}`, amountMinor, dealIds: [...new Set(taken.map(({ subjectId }) => subjectId))], eventIds: taken.map(({ eventId }) => eventId) };
}
