import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BonusTier } from '../../libs/domain/bonus/events.js';
import { clawbackLine, earnedLines, sumOf, type Counted, type PaidPeriod } from './bonus-tiers.js';

const TARGET = 100_000;
const tiers: readonly BonusTier[] = [
  { attainmentPercentFrom: 0, rateBasisPoints: 200 }, { attainmentPercentFrom: 50, rateBasisPoints: 500 }, { attainmentPercentFrom: 100, rateBasisPoints: 1_000 }, { attainmentPercentFrom: 120, amountMinor: 1_000 },
];
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T09:00:00.000Z`;
const won = (subjectId: string, on: number, amount: number, reversedAt: string | null = null): Counted => ({ eventId: `${subjectId}/${on}`, subjectId, at: day(on), amount, reversedAt });
const three = [won('d3', 9, 50_000), won('d1', 2, 40_000), won('d2', 5, 30_000)];
const told = (lines: ReturnType<typeof earnedLines>) => lines.map(({ kind, amountMinor, dealIds }) => [kind, amountMinor, dealIds]);

describe('a bonus', () => {
  it('pays each tier’s rate on the value between its threshold and the next, naming the deals that lie there', () =>
    expect(told(earnedLines({ tiers }, TARGET, three))).toEqual([['rate', 1_000, ['d1', 'd2']], ['rate', 2_500, ['d2', 'd3']], ['rate', 2_000, ['d3']], ['amount', 1_000, ['d1', 'd2', 'd3']]]));
  it('pays an amount once its attainment is reached, not just short of it', () => {
    const amounts: BonusTier[] = [{ attainmentPercentFrom: 100, amountMinor: 700 }];
    expect(sumOf(earnedLines({ tiers: amounts }, TARGET, [won('d1', 1, 99_999)]))).toBe(0);
    expect(told(earnedLines({ tiers: amounts }, TARGET, [won('d1', 1, 100_000), won('d2', 2, 5)]))).toEqual([['amount', 700, ['d1']]]);
  });
  it('is cut to its cap by a line of its own', () => expect(told(earnedLines({ tiers, capMinor: 6_000 }, TARGET, three)).at(-1)).toEqual(['cap', -500, []]));
  it('is exact where amounts are large', () => {
    const target = 9_007_199_254_740_881;
    const rates: BonusTier[] = [{ attainmentPercentFrom: 33, rateBasisPoints: 1_777 }];
    expect(told(earnedLines({ tiers: rates }, target, [won('d1', 1, 9_007_199_254_740_991)]))).toEqual([['rate', 1_072_388_136_070_214, ['d1']]]);
  });
  it('is nothing for nothing', () => expect(earnedLines({ tiers: tiers.slice(1) }, TARGET, [])).toEqual([]));
});

describe('a clawback', () => {
  const january: PaidPeriod = { label: 'January', terms: { tiers, clawback: true }, targetAmount: TARGET, items: [won('d1', 2, 40_000), won('d2', 5, 30_000, day(20)), won('d3', 9, 50_000)] };
  it('takes back what the reopened deal had brought', () => expect(clawbackLine(january, day(15), day(25))).toMatchObject({ kind: 'clawback', amountMinor: -3_500, dealIds: ['d2'] }));
  it('happens in the period of the reopening alone', () => expect([clawbackLine(january, day(1), day(20)), clawbackLine(january, day(21), day(30))]).toEqual([undefined, undefined]));
  it('does not happen under a plan without it', () => expect(clawbackLine({ ...january, terms: { tiers, clawback: false } }, day(15), day(25))).toBeUndefined());
  it('takes back nothing that the cap had not paid', () => expect(clawbackLine({ ...january, terms: { tiers, clawback: true, capMinor: 3_000 } }, day(15), day(25))?.amountMinor).toBe(0));

  it('of all periods together is what the period paid, once all its deals are reopened', () => {
    const item = fc.record({ on: fc.integer({ min: 1, max: 28 }), amount: fc.integer({ min: 0, max: 90_000 }), back: fc.integer({ min: 1, max: 28 }) });
    fc.assert(fc.property(fc.array(item, { maxLength: 8 }), fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined }), (list, capMinor) => {
      const items = list.map(({ on, amount, back }, index) => won(`d${index}`, on, amount, day(back)));
      const terms = { tiers, clawback: true, ...(capMinor !== undefined && { capMinor }) };
      const cuts = [day(1), day(8), day(15), '2026-02-01T00:00:00.000Z'];
      const taken = cuts.slice(1).map((until, index) => clawbackLine({ label: 'x', terms, targetAmount: TARGET, items }, cuts[index]!, until)?.amountMinor ?? 0);
      expect(taken.every((amount) => amount <= 0)).toBe(true);
      expect(sumOf(earnedLines(terms, TARGET, items)) + taken.reduce((a, b) => a + b, 0)).toBe(0);
    }));
  });
});
