import type { DomainEvent, Recorded } from '../../libs/kernel/event.js';

/** Something or someone that an event is about. */
export interface Mention {
  readonly kind: string;
  readonly id: string;
}

/** Fields of events that name an entity, by the kind they name. */
const FIELD_KINDS: Readonly<Record<string, string>> = {
  leadId: 'lead', intoLeadId: 'lead', dealId: 'deal', clientId: 'client', caseId: 'case', contractId: 'contract', campaignId: 'campaign', materialId: 'material',
  memberId: 'member', ownerId: 'member', managerId: 'member', approvedBy: 'member',
};
/** In these events `from` is the member before; elsewhere it is a stage, an amount or a role. */
const HANDED_OVER: ReadonlySet<string> = new Set(['LeadAssigned', 'DealReassigned', 'TaskReassigned', 'ClientReassigned', 'CaseEscalated']);
/** Whose data can be forgotten: the id does not tell which of them it is. */
const PEOPLE = ['lead', 'client', 'member'] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `followUp-4711` is the follow_up 4711. */
export function entityOf(stream: string): Mention {
  const at = stream.indexOf('-');
  return { kind: stream.slice(0, at).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), id: stream.slice(at + 1) };
}

function inField(type: string, name: string, value: unknown): Mention[] {
  const kind = FIELD_KINDS[name];
  if (typeof value === 'string') {
    if (kind !== undefined) return [{ kind, id: value }];
    if (name === 'from' && HANDED_OVER.has(type)) return [{ kind: 'member', id: value }];
    if (name === 'contactId') return PEOPLE.map((person) => ({ kind: person, id: value }));
    return [];
  }
  if (name === 'subject' && isRecord(value) && typeof value['kind'] === 'string' && typeof value['id'] === 'string') return [{ kind: value['kind'], id: value['id'] }];
  if (!Array.isArray(value)) return [];
  if (name === 'attendeeIds' || name === 'memberIds') return value.filter((id) => typeof id === 'string').map((id) => ({ kind: 'member', id }));
  return name === 'shares' ? value.flatMap((share: unknown) => (isRecord(share) && typeof share['memberId'] === 'string' ? [{ kind: 'member', id: share['memberId'] }] : [])) : [];
}

/** Everything and everyone that an event names: its own entity first, each once. */
export function mentionsOf(event: Recorded<DomainEvent>): Mention[] {
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  const scoped = data['scope'] === 'member' || data['scope'] === 'team' ? [{ kind: data['scope'], id: String(data['scopeId']) }] : [];
  const actor = event.actor.role === 'system' ? [] : [{ kind: 'member', id: event.actor.id }];
  const all = [entityOf(event.stream), ...Object.entries(data).flatMap(([name, value]) => inField(event.type, name, value)), ...scoped, ...actor];
  return [...new Map(all.map((mention) => [`${mention.kind}:${mention.id}`, mention])).values()];
}
