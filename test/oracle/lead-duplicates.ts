import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';
import { groupedBy } from './grouped-by.js';

/* Which leads may be one and the same, once more as plain loops over the events: no engine, no SQL, no tables. */

/* eslint-disable @typescript-eslint/no-explicit-any -- plain events, read by hand */
type Event = Recorded<DomainEvent & { data: any }>;

export interface Question { leadId?: string; owner?: string }

/** Who is meant by what was typed: two texts with the same answer mean the same. What cannot tell anybody apart is undefined. */
export interface Reader {
  email(text: string): string | undefined;
  /** `tail`: the same with and without its country; `whole`: only where the country was given. */
  phone(text: string): { tail: string; whole?: string } | undefined;
  person(text: string): string | undefined;
  company(text: string): string | undefined;
}

interface Lead { id: string; at: string; status: string; owner: string | undefined; email: string | undefined; phone: { tail: string; whole?: string } | undefined; name: string | undefined }

const RANKS = ['converted', 'qualified', 'open', 'disqualified'];
const older = (a: Lead, b: Lead): number => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1);

/** What two leads have in common. */
function common(a: Lead, b: Lead): string[] {
  const isSame = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one === other;
  const oneHasNoCountry = a.phone?.whole === undefined || b.phone?.whole === undefined;
  return [
    ...(isSame(a.email, b.email) ? ['email'] : []),
    ...(isSame(a.phone?.tail, b.phone?.tail) && (oneHasNoCountry || a.phone?.whole === b.phone?.whole) ? ['phone'] : []),
    ...(isSame(a.name, b.name) ? ['company_and_name'] : []),
  ];
}

function leadsOf(events: readonly Event[], reader: Reader): Lead[] {
  const leads = new Map<string, Lead>();
  const forgotten = new Set<string>();
  const ownedSince = new Map<string, number>();
  for (const { type, data, occurredAt } of events) {
    if (type === 'LeadCaptured') {
      ownedSince.set(data.leadId, Date.parse(occurredAt));
      const { name, email, phone } = forgotten.has(data.leadId) ? ({} as any) : data.contact;
      const [person, company] = [name && reader.person(name), data.company && reader.company(data.company)];
      leads.set(data.leadId, { id: data.leadId, at: occurredAt, status: 'open', owner: data.ownerId, email: email && reader.email(email), phone: phone && reader.phone(phone), name: person && company ? `${company}/${person}` : undefined });
    }
    if (type === 'ContactForgotten') forgotten.add(data.contactId);
    const lead = leads.get(data.leadId ?? data.contactId);
    if (!lead) continue;
    if (type === 'ContactForgotten') lead.email = lead.phone = lead.name = undefined;
    // What was assigned later by when it happened stands, whatever is told of late.
    const since = Math.max(Date.parse(occurredAt), Date.parse(lead.at));
    if (type === 'LeadAssigned' && since >= (ownedSince.get(lead.id) ?? -Infinity)) {
      lead.owner = data.ownerId;
      ownedSince.set(lead.id, since);
    }
    if (type === 'LeadMerged') leads.delete(data.leadId);
    lead.status = ({ LeadQualified: 'qualified', LeadDisqualified: 'disqualified', LeadReopened: 'open', LeadConverted: 'converted' } as Record<string, string>)[type] ?? lead.status;
  }
  return [...leads.values()];
}

/** The groups asked for, newest duplicate first. */
export function duplicatesOracle(events: readonly Event[], { leadId, owner }: Question, reader: Reader) {
  const leads = leadsOf(events, reader).sort(older);
  const sharing = [groupedBy(leads, ({ email }) => email), groupedBy(leads, ({ phone }) => phone?.tail), groupedBy(leads, ({ name }) => name)];
  /** Whoever may have something in common with a lead. */
  const near = ({ email, phone, name }: Lead): Lead[] => [email, phone?.tail, name].flatMap((key, index) => (key === undefined ? [] : sharing[index]!(key)));
  const seen = new Set<Lead>();
  const groups: { by: string[]; into: string; leads: Lead[] }[] = [];
  for (const lead of leads) {
    if (seen.has(lead)) continue;
    const group = [lead];
    const by = new Set<string>();
    seen.add(lead);
    // Whoever has something in common with one of them is one of them; the list grows while it is gone through.
    for (const one of group) for (const other of near(one)) {
      const reasons = one === other ? [] : common(one, other);
      reasons.forEach((reason) => by.add(reason));
      if (reasons.length > 0 && !seen.has(other)) { seen.add(other); group.push(other); }
    }
    const inOrder = group.sort(older);
    const [into] = [...inOrder].sort((a, b) => RANKS.indexOf(a.status) - RANKS.indexOf(b.status) || older(a, b));
    if (group.length > 1) groups.push({ by: ['email', 'phone', 'company_and_name'].filter((reason) => by.has(reason)), into: into!.id, leads: inOrder });
  }
  const asked = groups.filter((group) => (leadId === undefined || group.leads.some(({ id }) => id === leadId)) && (owner === undefined || group.leads.some((each) => each.owner === owner)));
  return {
    total: asked.length, surplusLeads: asked.reduce((sum, group) => sum + group.leads.length - 1, 0),
    groups: asked.sort((a, b) => older(b.leads.at(-1)!, a.leads.at(-1)!)).map(({ by, into, leads: list }) => ({ by, into, leads: list.map(({ id, status, at, owner: whose }) => [id, status, at, whose ?? null]) })),
  };
}
