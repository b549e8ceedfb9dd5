import { context, streamOf, type Facts, type StreamReader } from '../../kernel/context.js';
import type { Instant } from '../../kernel/event.js';
import { calendarAt, memberAt, type MemberStanding } from '../member/facts.js';
import { companyCalendar, settingsAt } from '../policy/facts.js';
import { subjectExists } from '../subject.js';
import {
  ApproveException, EscalateCase, KeepPromise, MarkPromiseBroken, MarkServiceLevelBreached, OpenCase, PromiseToClient, ReopenCase, ResolveCase, RespondToCase, type CaseCommand,
} from './commands.js';
import { clientCase } from './decider.js';
import { caseEvents } from './events.js';
import { caseRefusals } from './refusals.js';
import { ownerAt, type CaseFacts, type ClientCase } from './state.js';

const NOT_ASKED: CaseFacts = {
  owner: { status: 'unknown' }, member: { status: 'unknown' }, subjectExists: false, clientExists: false,
  calendar: { zone: 'UTC', weekdays: [], hours: { from: '00:00', to: '00:00' }, holidays: [] }, responseMinutes: 0, resolutionMinutes: 0,
};

type ServiceLevels = Pick<CaseFacts, 'calendar' | 'responseMinutes' | 'resolutionMinutes'>;

async function serviceLevels(read: StreamReader, ownerId: string, occurredAt: Instant): Promise<ServiceLevels> {
  const [calendar, owner, settings] = await Promise.all([
    calendarAt(read, ownerId, occurredAt),
    memberAt(read, ownerId, occurredAt),
    settingsAt(read, occurredAt),
  ]);
  const hours = calendar ?? companyCalendar(settings, owner.status === 'unknown' ? undefined : owner.zone);
  return { calendar: hours, responseMinutes: settings.caseResponseMinutes, resolutionMinutes: settings.caseResolutionMinutes };
}

const standing = async (read: StreamReader, memberId: string | undefined, occurredAt: Instant): Promise<MemberStanding> =>
  (memberId === undefined ? { status: 'unknown' } : memberAt(read, memberId, occurredAt));

const facts: Facts<CaseCommand, ClientCase, CaseFacts> = async (read, command, state, occurredAt) => {
  if (command.type === 'OpenCase') {
    const [owner, exists, clientExists, levels] = await Promise.all([
      standing(read, command.ownerId, occurredAt),
      subjectExists(read, command.subject),
      command.clientId === undefined ? false : read.exists(streamOf('client', command.clientId)),
      serviceLevels(read, command.ownerId, occurredAt),
    ]);
    return { ...NOT_ASKED, owner, subjectExists: exists, clientExists, ...levels };
  }
  if (state.status === 'absent') return NOT_ASKED;
  switch (command.type) {
    case 'RespondToCase':
    case 'ResolveCase': {
      const [member, levels] = await Promise.all([standing(read, command.memberId, occurredAt), serviceLevels(read, ownerAt(state, occurredAt), occurredAt)]);
      return { ...NOT_ASKED, member, ...levels };
    }
    case 'ReopenCase': return { ...NOT_ASKED, ...(await serviceLevels(read, ownerAt(state, occurredAt), occurredAt)) };
    case 'EscalateCase': return { ...NOT_ASKED, owner: await standing(read, command.ownerId, occurredAt) };
    case 'PromiseToClient': return { ...NOT_ASKED, member: await standing(read, command.memberId, occurredAt) };
    case 'ApproveException':
    case 'KeepPromise':
    case 'MarkPromiseBroken':
    case 'MarkServiceLevelBreached': return NOT_ASKED;
  }
};

export const caseContext = context({
  name: 'case',
  category: 'case',
  idField: 'caseId',
  commands: [OpenCase, RespondToCase, EscalateCase, ResolveCase, ReopenCase, ApproveException, PromiseToClient, KeepPromise, MarkPromiseBroken, MarkServiceLevelBreached],
  events: caseEvents,
  refusals: caseRefusals,
  decider: clientCase,
  facts,
});
