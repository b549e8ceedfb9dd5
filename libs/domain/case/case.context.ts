import { context, streamOf, type Facts, type StreamReader } from '../../kernel/context.js';
import { memberCalendar, memberStanding, memberStream, type MemberStanding } from '../member/facts.js';
import { companyCalendar, companySettings, SETTINGS_STREAM } from '../policy/facts.js';
import { subjectExists } from '../subject.js';
import {
  ApproveException, EscalateCase, KeepPromise, MarkPromiseBroken, MarkServiceLevelBreached, OpenCase, PromiseToClient, ReopenCase, ResolveCase, RespondToCase, type CaseCommand,
} from './commands.js';
import { clientCase } from './decider.js';
import { caseEvents } from './events.js';
import { caseRefusals } from './refusals.js';
import type { CaseFacts, ClientCase } from './state.js';

const NOT_ASKED: CaseFacts = {
  owner: { status: 'unknown' }, member: { status: 'unknown' }, subjectExists: false, clientExists: false,
  calendar: { zone: 'UTC', weekdays: [], hours: { from: '00:00', to: '00:00' }, holidays: [] }, responseMinutes: 0, resolutionMinutes: 0,
};

async function serviceLevels(read: StreamReader, ownerId: string): Promise<Pick<CaseFacts, 'calendar' | 'responseMinutes' | 'resolutionMinutes'>> {
  const [calendar, owner, settings] = await Promise.all([
    read.fold(memberStream(ownerId), memberCalendar),
    read.fold(memberStream(ownerId), memberStanding),
    read.fold(SETTINGS_STREAM, companySettings),
  ]);
  const hours = calendar ?? companyCalendar(settings, owner.status === 'unknown' ? undefined : owner.zone);
  return { calendar: hours, responseMinutes: settings.caseResponseMinutes, resolutionMinutes: settings.caseResolutionMinutes };
}

const standing = async (read: StreamReader, memberId: string | undefined): Promise<MemberStanding> => (memberId === undefined ? { status: 'unknown' } : read.fold(memberStream(memberId), memberStanding));

const facts: Facts<CaseCommand, ClientCase, CaseFacts> = async (read, command, state) => {
  if (command.type === 'OpenCase') {
    const [owner, exists, clientExists, levels] = await Promise.all([
      standing(read, command.ownerId),
      subjectExists(read, command.subject),
      command.clientId === undefined ? false : read.exists(streamOf('client', command.clientId)),
      serviceLevels(read, command.ownerId),
    ]);
    return { ...NOT_ASKED, owner, subjectExists: exists, clientExists, ...levels };
  }
  if (state.status === 'absent') return NOT_ASKED;
  switch (command.type) {
    case 'RespondToCase':
    case 'ResolveCase': {
      const [member, levels] = await Promise.all([standing(read, command.memberId), serviceLevels(read, state.ownerId)]);
      return { ...NOT_ASKED, member, ...levels };
    }
    case 'ReopenCase': return { ...NOT_ASKED, ...(await serviceLevels(read, state.ownerId)) };
    case 'EscalateCase': return { ...NOT_ASKED, owner: await standing(read, command.ownerId) };
    case 'PromiseToClient': return { ...NOT_ASKED, member: await standing(read, command.memberId) };
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
