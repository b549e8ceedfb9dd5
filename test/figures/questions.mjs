/** Days over which clocks change in Europe, the Azores and Cuba, and over which the simulated company is at work. */
const SPAN = { from: '2026-02-15', to: '2026-04-30' };
const AUTUMN = { from: '2025-10-20', to: '2025-11-09' };
const ZONES = ['Europe/Zurich', 'Atlantic/Azores', 'America/Havana', 'Asia/Kolkata'];
const UNITS = ['day', 'week', 'month', 'quarter', 'year'];

const eachOf = (list, made) => list.map(made);
/** Each unit in the first zone, days in the others. */
const inEveryZone = (report, more = {}) => [
  ...UNITS.map((groupBy) => ({ report, query: { ...SPAN, tz: ZONES[0], groupBy, ...more } })), ...ZONES.slice(1).map((tz) => ({ report, query: { ...SPAN, tz, groupBy: 'day', ...more } })),
];

/** Every report, in ways that ask for days, amounts, rates, business hours and the order of texts. */
export const QUESTIONS = [
  ...inEveryZone('funnel'), ...inEveryZone('funnel', { currency: 'EUR', convert: 'constant', ratesOn: '2026-05-31' }),
  ...eachOf(ZONES, (tz) => ({ report: 'funnel', query: { ...AUTUMN, tz, groupBy: 'day', currency: 'EUR', convert: 'at-event' } })),
  ...eachOf(['owner', 'team', 'role', 'source', 'product', 'region', 'segment'], (groupBy) => ({ report: 'funnel', query: { ...SPAN, tz: 'Europe/Zurich', groupBy } })),
  ...eachOf([...UNITS, 'member', 'team', 'none'], (groupBy) => ({ report: 'target-attainment', query: { ...SPAN, groupBy, convert: 'constant', ratesOn: '2026-05-31' } })),
  ...inEveryZone('coordinator-efficiency'), ...eachOf(['owner', 'team', 'role'], (groupBy) => ({ report: 'coordinator-efficiency', query: { ...SPAN, groupBy } })),
  ...inEveryZone('retention'), ...eachOf(['owner', 'product'], (groupBy) => ({ report: 'retention', query: { ...SPAN, groupBy, currency: 'EUR', convert: 'constant', ratesOn: '2026-05-31' } })),
  { report: 'bonus-accrual', query: { on: '2026-03-31' } }, { report: 'campaigns', query: {} }, { report: 'enablement', query: { ...SPAN, tz: 'Europe/Zurich' } },
  { report: 'calendar', query: { from: '2026-03-20', to: '2026-04-10', tz: 'Europe/Zurich' } }, { report: 'agenda', query: { tz: 'Atlantic/Azores' } },
  { report: 'lead-duplicates', query: {} },
];

const ROUNDS = ['2026-03-20T00:00:00Z', '2026-04-10T00:00:00Z'];

/** What rules would have done while clocks changed: the due times they give. */
export const DRY_RUNS = ['first_follow_up', 'follow_up_cadence', 'meeting_follow_up', 'onboarding_task', 'onboard_won_deal', 'survey_after_resolution', 'contract_for_won_deal']
  .map((rule) => ({ rule, body: { from: ROUNDS[0], to: ROUNDS[1] } }));

const deal = (dealId, currency, perUnitMicro, amountMinor, wonAt) => [
  { path: '/v1/deals', body: { dealId, name: dealId, ownerId: 'azo', product: dealId, value: { amountMinor, currency }, rate: { to: 'EUR', perUnitMicro }, occurredAt: '2025-09-01T08:00:00Z' } },
  { path: `/v1/deals/${dealId}/close`, body: { outcome: 'won', occurredAt: wonAt } },
];

/** Told beside the simulated company: currencies whose minor units the platform's data gives otherwise, large amounts, and hours that come twice. */
export const TOLD = [
  { path: '/v1/members', body: { memberId: 'azo', name: 'Azo', role: 'executive', zone: 'Atlantic/Azores', occurredAt: '2025-01-01T00:00:00Z' } },
  ...deal('huf', 'HUF', 2_500, 125_050, '2025-10-26T00:30:00Z'), ...deal('cop', 'COP', 210, 990_000_001, '2025-10-26T01:30:00Z'),
  ...deal('idr', 'IDR', 53, 9_007_199_254_740_991, '2025-11-02T04:30:00Z'), ...deal('kwd', 'KWD', 2_800_000, 1_234_567, '2025-11-02T05:30:00Z'),
  ...deal('rsd', 'RSD', 8_500, 7_654_321, '2025-11-02T04:00:00Z'), ...deal('clf', 'CLF', 37_000_000, 98_765, '2025-10-25T23:59:59Z'),
  ...deal('jpy', 'JPY', 6_100, 333_333, '2025-10-26T00:00:00Z'),
];
