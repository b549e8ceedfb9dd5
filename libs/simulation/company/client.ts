import type { LocalDate } from '../../kernel/event.js';
import type { Random } from '../random.js';
import type { Held } from './person.js';
import type { Market, Segment } from './setting.js';

/** Somebody who buys: what they pay, how they feel, and who looks after them. */
export interface Client extends Held {
  readonly id: string;
  readonly name: string;
  readonly market: Market;
  readonly segment: Segment;
  readonly product: string;
  readonly currency: string;
  readonly random: Random;
  /** From 0 to 1; cases handled badly lower it. */
  mood: number;
  monthlyMinor: number;
  renewalOn: LocalDate;
  isActive: boolean;
  purchases: number;
}
