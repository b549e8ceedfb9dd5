import type { Instant } from '../../libs/kernel/event.js';

export const MATCHES = ['email', 'phone', 'company_and_name'] as const;
export type Match = (typeof MATCHES)[number];

export interface DuplicateLead {
  readonly leadId: string;
  readonly status: 'open' | 'qualified' | 'disqualified' | 'converted';
  readonly capturedAt: Instant;
  readonly source: string;
  readonly ownerId: string | null;
  readonly company: string | null;
}

/** Two leads that have something in common. */
export interface Link {
  readonly leadId: string;
  readonly otherId: string;
  readonly by: Match;
}

export interface DuplicateGroup {
  /** What any two of them have in common. */
  readonly by: readonly Match[];
  /** The one that should go on: what became a deal or client, else what is furthest, else what was there first. */
  readonly into: string;
  /** Oldest first. */
  readonly leads: readonly DuplicateLead[];
}

const RANK = { converted: 0, qualified: 1, open: 2, disqualified: 3 } as const;
const older = (a: DuplicateLead, b: DuplicateLead): number => (a.capturedAt === b.capturedAt ? (a.leadId < b.leadId ? -1 : 1) : a.capturedAt < b.capturedAt ? -1 : 1);

/** Leads that hang together through any of the links: who has one's number and another's address is the same as both. Newest duplicate first. */
export function groupsOf(leads: readonly DuplicateLead[], links: readonly Link[]): DuplicateGroup[] {
  const parents = new Map<string, string>();
  const rootOf = (leadId: string): string => {
    let root = leadId;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    // Whoever was passed on the way is told where it ends: the next search is short.
    for (let at = leadId; at !== root; ) {
      const up = parents.get(at)!;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  for (const { leadId, otherId } of links) {
    const [root, other] = [rootOf(leadId), rootOf(otherId)];
    if (root !== other) parents.set(root, other);
  }
  const members = new Map<string, DuplicateLead[]>();
  for (const lead of leads) {
    const root = rootOf(lead.leadId);
    const group = members.get(root);
    if (group) group.push(lead);
    else members.set(root, [lead]);
  }
  const reasons = new Map<string, Set<Match>>();
  for (const { leadId, by } of links) reasons.set(rootOf(leadId), (reasons.get(rootOf(leadId)) ?? new Set()).add(by));
  const groups = [...members].filter(([, all]) => all.length > 1).map(([root, all]): DuplicateGroup => {
    const [into] = [...all].sort((a, b) => RANK[a.status] - RANK[b.status] || older(a, b)) as [DuplicateLead]; // there are at least two
    return { by: MATCHES.filter((match) => reasons.get(root)?.has(match)), into: into.leadId, leads: [...all].sort(older) };
  });
  return groups.sort((a, b) => older(b.leads.at(-1)!, a.leads.at(-1)!));
}
