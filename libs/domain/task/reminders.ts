import type { LocalDate } from '../../kernel/event.js';
import type { Memory } from '../../kernel/rule.js';
import type { ClientEvent, Renewal } from '../client/events.js';
import type { CertificationEvent } from '../enablement/events.js';
import { evolveTeam, isTeamEvent, noTeam, TEAM_EVENTS, type Team, type TeamEvent } from '../team-work.js';
import type { TaskEvent } from './events.js';

export interface UpcomingRenewal {
  readonly clientId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly renewal?: Renewal;
}

/** Renewal days to come, and which have been reminded of. */
export interface Renewals extends Team {
  readonly clients: Map<string, UpcomingRenewal>;
  readonly reminded: Set<string>;
}

export const renewalCause = (clientId: string, { on }: Renewal): string => `renewal_reminder|${clientId}|${on}`;

export const renewals: Memory<Renewals, ClientEvent | TaskEvent | TeamEvent> = {
  name: 'renewals',
  version: 2,
  events: [...TEAM_EVENTS, 'ClientOnboarded', 'ClientRenewed', 'ClientReassigned', 'ClientChurned', 'ClientWonBack', 'RenewalLapsed', 'TaskAllocated'],
  initial: () => ({ ...noTeam(), clients: new Map(), reminded: new Set() }),
  evolve(state, event) {
    if (isTeamEvent(event)) return evolveTeam(state, event);
    switch (event.type) {
      case 'ClientOnboarded': {
        const { clientId, name, ownerId, renewal } = event.data;
        state.clients.set(clientId, { clientId, name, ownerId, ...(renewal && { renewal }) });
        return state;
      }
      case 'TaskAllocated': {
        if (event.causationId.startsWith('renewal_reminder|')) state.reminded.add(event.causationId);
        return state;
      }
      case 'ClientRenewed':
      case 'ClientReassigned':
      case 'ClientChurned':
      case 'ClientWonBack':
      case 'RenewalLapsed': {
        const known = state.clients.get(event.data.clientId);
        if (!known) return state;
        const { renewal: before, ...client } = known;
        if (before) state.reminded.delete(renewalCause(client.clientId, before));
        const renewal = event.type === 'ClientReassigned' ? before : event.type === 'ClientRenewed' || event.type === 'ClientWonBack' ? event.data.renewal : undefined;
        state.clients.set(client.clientId, { ...client, ownerId: event.data.ownerId, ...(renewal && { renewal }) });
        return state;
      }
      default: return state;
    }
  },
};

export interface HeldCertificate {
  readonly certificationId: string;
  readonly memberId: string;
  readonly certificate: string;
  readonly expiresOn: LocalDate;
}

/** Certificates that expire, and which have been reminded of. */
export interface Certificates extends Team {
  readonly held: Map<string, HeldCertificate>;
  readonly reminded: Set<string>;
}

export const certificateCause = ({ certificationId, expiresOn }: HeldCertificate): string => `certificate_reminder|${certificationId}|${expiresOn}`;

export const certificates: Memory<Certificates, CertificationEvent | TaskEvent | TeamEvent> = {
  name: 'certificates',
  version: 2,
  events: [...TEAM_EVENTS, 'TaskAllocated'],
  initial: () => ({ ...noTeam(), held: new Map(), reminded: new Set() }),
  evolve(state, event) {
    if (event.type === 'TaskAllocated') {
      if (event.causationId.startsWith('certificate_reminder|')) state.reminded.add(event.causationId);
      return state;
    }
    if (event.type === 'CertificationRecorded') {
      const { certificationId, memberId, certificate, expiresOn } = event.data;
      const before = state.held.get(certificationId);
      if (before) state.reminded.delete(certificateCause(before));
      if (expiresOn === undefined) state.held.delete(certificationId);
      else state.held.set(certificationId, { certificationId, memberId, certificate, expiresOn });
    }
    return isTeamEvent(event) ? evolveTeam(state, event) : state;
  },
};
