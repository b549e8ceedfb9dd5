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
export const HANDED_OVER: ReadonlySet<string> = new Set(['LeadAssigned', 'DealReassigned', 'TaskReassigned', 'ClientReassigned', 'CaseEscalated']);
/** Whose data can be forgotten: the id does not tell which of them it is. */
const PEOPLE = ['lead', 'client', 'member'] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `followUp-4711` is the follow_up 4711. */
export function entityOf(stream: string): Mention {
  const at = stream.indexOf('-');
  return { kind: stream.slice(0, at).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), id: stream.slice(at + 1) };
}

/** What is named besides what need not be said, each once, in the order of naming. An event names few: looking through them costs less than a set of their names. */
class Mentions {
  readonly all: Mention[] = [];

  constructor(private readonly own: Mention, private readonly actorId: string | undefined) {}

  add(kind: string, id: string): void {
    if (id === this.own.id && kind === this.own.kind) return;
    if (id === this.actorId && kind === 'member') return;
    for (const known of this.all) if (known.id === id && known.kind === kind) return;
    this.all.push({ kind, id });
  }
}

function addFrom(type: string, name: string, value: unknown, mentions: Mentions): void {
  if (typeof value === 'string') {
    const kind = FIELD_KINDS[name];
    if (kind !== undefined) mentions.add(kind, value);
    else if (name === 'from' && HANDED_OVER.has(type)) mentions.add('member', value);
    else if (name === 'contactId') for (const person of PEOPLE) mentions.add(person, value);
  } else if (name === 'subject') {
    if (isRecord(value) && typeof value['kind'] === 'string' && typeof value['id'] === 'string') mentions.add(value['kind'], value['id']);
  } else if (Array.isArray(value)) {
    if (name === 'attendeeIds' || name === 'memberIds') for (const id of value) if (typeof id === 'string') mentions.add('member', id);
    if (name === 'shares') for (const share of value) if (isRecord(share) && typeof share['memberId'] === 'string') mentions.add('member', share['memberId']);
  }
}

/** Everything and everyone that an event names besides its own entity and the member who did it: each once. */
export function othersOf(event: Recorded<DomainEvent>): readonly Mention[] {
  const mentions = new Mentions(entityOf(event.stream), event.actor.role === 'system' ? undefined : event.actor.id);
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  for (const name in data) addFrom(event.type, name, data[name], mentions);
  if (data['scope'] === 'member' || data['scope'] === 'team') mentions.add(data['scope'], String(data['scopeId']));
  return mentions.all;
}
