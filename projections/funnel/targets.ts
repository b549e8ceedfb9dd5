import { partsOf, UNITS } from '../coordinator-efficiency/period.js';
import { targetsBeside, type TargetBeside } from '../target-attainment/beside.js';
import type { FunnelParams } from './funnel.params.js';
import type { Frame } from './scope.js';

/** No target is set for a role, a source, a product …: there is none for figures cut by them. */
const isCutFurther = ({ role, source, campaign, pipeline, product, region, segment }: FunnelParams): boolean =>
  [role, campaign, pipeline].some((list) => list !== undefined && list.length > 0) || [source, product, region, segment].some((value) => value !== undefined);

/** Whose targets a report is about: the members or teams asked for, else the company. */
function askedFor({ groupBy, owner, team }: FunnelParams): Pick<Parameters<typeof targetsBeside>[1], 'scope' | 'scopeIds'> | undefined {
  if (owner?.length && team?.length) return undefined;
  if (groupBy === 'owner' || owner?.length) return team?.length ? undefined : { scope: 'member', scopeIds: owner };
  if (groupBy === 'team' || team?.length) return { scope: 'team', scopeIds: team };
  return { scope: 'company' };
}

/** The targets for exactly the report's period (or its parts, where it is grouped by them), by group. */
export async function targetsOf({ view, params, period, fiscalStartMonth, rates }: Frame): Promise<ReadonlyMap<string, readonly TargetBeside[]>> {
  const { groupBy, credit, convert, tz } = params;
  const asked = isCutFurther(params) ? undefined : askedFor(params);
  const unit = UNITS.find((each) => each === groupBy);
  if (!asked || !(unit || groupBy === 'none' || groupBy === 'owner' || groupBy === 'team')) return new Map();
  const parts = unit ? partsOf(period, unit, fiscalStartMonth) : [{ ...period, label: 'all' }];
  const found = await targetsBeside(view, { ...asked, periods: parts, tz, credit, convert, rates });
  const groupOf = (target: TargetBeside): string => {
    if (groupBy === 'owner' || groupBy === 'team') return target.scopeId ?? 'none';
    return parts.find(({ from, to }) => from === target.period.from && to === target.period.to)?.label ?? 'all';
  };
  const groups = new Map<string, TargetBeside[]>();
  for (const target of found) groups.set(groupOf(target), [...(groups.get(groupOf(target)) ?? []), target]);
  return groups;
}
