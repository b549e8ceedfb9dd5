import type { CreditShare } from '../../libs/domain/deal/events.js';

const WHOLE_PERCENT = 100;

/** Who has the credit: the shares, or the owner alone where it was not split. */
export const sharesOf = (ownerId: string, shares: readonly CreditShare[] | undefined): readonly CreditShare[] => shares ?? [{ memberId: ownerId, percent: WHOLE_PERCENT }];

/** An amount cut by percentages, in whole minor units that sum to the amount: the largest remainders get the units left over. */
export function cutByShares(amountMinor: number, shares: readonly CreditShare[]): number[] {
  // Hundreds and the rest apart: the product of the whole would be beyond what doubles hold.
  const [hundreds, rest] = [Math.floor(amountMinor / WHOLE_PERCENT), amountMinor % WHOLE_PERCENT];
  const parts = shares.map(({ percent }) => hundreds * percent + Math.floor((rest * percent) / WHOLE_PERCENT));
  const left = amountMinor - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = shares.map(({ percent }, index) => ({ index, remainder: (rest * percent) % WHOLE_PERCENT })).sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1; // an index of the same list
  return parts;
}
