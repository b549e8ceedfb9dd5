import type { ProjectionStatus } from '../../../../libs/projector/status.js';
import { thousands } from '../terminal.js';
import { textTable } from '../text-table.js';

export type ToldStatus = ProjectionStatus & { readonly problems: readonly string[] };

const position = (value: number | null): string => (value === null ? '?' : thousands(value));

function lagText({ lagEvents, lagEventsAtLeast }: ProjectionStatus): string {
  return lagEvents === null ? '?' : `${thousands(lagEvents)}${lagEventsAtLeast ? '+' : ''}`;
}

const seconds = (value: number | null): string => (value === null ? '?' : `${thousands(Math.round(value))} s`);

/** All projections, one a line, and what is wrong with them. */
export function listText(projections: readonly ToldStatus[]): string {
  const lines = projections.map((each) => [
    each.projection, each.state, each.version === null ? '-' : `${each.version}${each.version === each.declaredVersion ? '' : ` (program: ${each.declaredVersion})`}`,
    position(each.position), position(each.head), lagText(each), seconds(each.lagSeconds), thousands(Math.round(each.eventsPerSecond)), thousands(each.parked), ownersOf(each),
  ]);
  const problems = projections.flatMap((each) => each.problems);
  return `${textTable(['projection', 'state', 'version', 'position', 'head', 'lag events', 'lag', 'events/s', 'parked', 'owner'], lines)}${problems.length === 0 ? '' : `\n${problems.map((problem) => `! ${problem}`).join('\n')}\n`}`;
}

const ownersOf = ({ partitions }: ProjectionStatus): string => [...new Set(partitions.map(({ owner }) => owner ?? '-'))].join(', ') || '-';

/** One projection in full: its partitions, and its builds that do not serve. */
export function statusText(status: ToldStatus): string {
  const partitions = status.partitions.map((each) => [String(each.partition), each.state, position(each.position), thousands(Math.round(each.eventsPerSecond)), each.owner ?? '-', String(each.epoch), thousands(each.resumed), each.lastError ?? '-']);
  const others = status.others.map((each) => [String(each.build), String(each.version), each.state, position(each.position)]);
  return [
    listText([status]),
    ...(partitions.length === 0 ? [] : [`\n${textTable(['partition', 'state', 'position', 'events/s', 'owner', 'epoch', 'resumed', 'last error'], partitions)}`]),
    ...(others.length === 0 ? [] : [`\nOther builds:\n${textTable(['build', 'version', 'state', 'position'], others)}`]),
  ].join('');
}
