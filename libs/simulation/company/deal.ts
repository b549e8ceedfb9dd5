import type { ExchangeRate } from '../../domain/deal/events.js';
import type { Money } from '../../kernel/event.js';
import type { Random } from '../random.js';
import type { Company } from './company.js';
import type { Held } from './person.js';
import { COMPANY_CURRENCY, euroPerDollarMicro, type Market, type Segment } from './setting.js';

/** Values end on whole hundreds. */
const VALUE_STEP_MINOR = 10_000;

export interface Deal extends Held {
  readonly id: string;
  readonly company: string;
  readonly quality: number;
  readonly market: Market;
  readonly segment: Segment;
  readonly product: string;
  readonly leadId: string | undefined;
  /** The client who buys more; undefined for new business. */
  readonly clientId: string | undefined;
  readonly stages: readonly string[];
  readonly random: Random;
  stage: number;
  value: Money;
  roadblocks: number;
  /** The contract that waits for a signature. */
  contractId: string | undefined;
  isOpen: boolean;
  /** Plans the next move. */
  readonly goOn: () => void;
  /** What the win was for begins. Returns what ends it, should the win be taken back for good. */
  readonly whenWon: (deal: Deal) => () => void;
}

export const roundedMinor = (amount: number): number => Math.max(VALUE_STEP_MINOR, Math.round(amount / VALUE_STEP_MINOR) * VALUE_STEP_MINOR);

/** The rate of the day to the company's currency; none where the deal is in it. */
export function rateOf(company: Company, { currency }: Money): { readonly rate?: ExchangeRate } {
  if (currency === COMPANY_CURRENCY) return {};
  return { rate: { to: COMPANY_CURRENCY, perUnitMicro: euroPerDollarMicro(new Date(company.nowMs).getUTCMonth()) } };
}

/** What a value comes to in the company's currency, at the rate of the day. */
export const inCompanyCurrency = (company: Company, value: Money): number =>
  Math.round((value.amountMinor * (rateOf(company, value).rate?.perUnitMicro ?? 1_000_000)) / 1_000_000);
