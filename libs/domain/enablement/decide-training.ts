import { accept, refuse, type Decision, type DecisionContext } from '../../kernel/decider.js';
import { actingMemberProblem } from '../acting-member.js';
import { defined } from '../defined.js';
import { sameJson } from '../same-json.js';
import type { AssignTraining, CompleteTraining, MarkCertificateExpired, RecordCertification } from './commands.js';
import type { EnablementEvent } from './events.js';
import { expiredAt } from './last-day.js';
import type { EnablementRefusal } from './refusals.js';
import type { Enablement, EnablementFacts } from './state.js';

type EnablementDecision = Decision<EnablementEvent, EnablementRefusal>;
type Context = DecisionContext<EnablementFacts>;

export function assignTraining(state: Enablement, { trainingId, memberId, course, dueOn }: AssignTraining, { occurredAt, facts }: Context): EnablementDecision {
  if (state.of !== 'nothing') return refuse('training_already_assigned');
  const problem = actingMemberProblem(facts.member, occurredAt);
  if (problem) return refuse(problem, memberId);
  return accept({ type: 'TrainingAssigned', data: defined({ trainingId, memberId, course, dueOn }) });
}

export function completeTraining(state: Enablement, { trainingId, scorePercent }: CompleteTraining, { occurredAt }: Context): EnablementDecision {
  if (state.of !== 'training') return refuse('training_not_found');
  if (state.status === 'completed') return state.scorePercent === scorePercent ? accept() : refuse('training_already_completed');
  const { memberId, course, assignedAt } = state;
  if (assignedAt !== undefined && occurredAt < assignedAt) return refuse('training_completed_before_assigned', `assigned ${assignedAt}`);
  return accept({ type: 'TrainingCompleted', data: defined({ trainingId, memberId, course, scorePercent }) });
}

export function recordCertification(state: Enablement, command: RecordCertification, { occurredAt, facts }: Context): EnablementDecision {
  const { certificationId, memberId, certificate, issuedOn, expiresOn, issuer } = command;
  if (expiresOn !== undefined && expiresOn < issuedOn) return refuse('certification_expires_before_issued', `issued ${issuedOn}, expires ${expiresOn}`);
  if (state.of === 'certification') {
    if (state.memberId !== memberId || state.certificate !== certificate) return refuse('certification_of_another', `${state.certificate} of ${state.memberId}`);
    const { of: _, expired: __, ...known } = state;
    if (sameJson(known, { memberId, certificate, issuedOn, expiresOn, issuer })) return accept();
    if (issuedOn <= state.issuedOn) return refuse('certification_not_newer', `issued ${state.issuedOn}`);
  }
  const problem = actingMemberProblem(facts.member, occurredAt);
  if (problem) return refuse(problem, memberId);
  return accept({ type: 'CertificationRecorded', data: defined({ certificationId, memberId, certificate, issuedOn, expiresOn, issuer }) });
}

export function expireCertification(state: Enablement, { certificationId, expiresOn }: MarkCertificateExpired, { now }: Context): EnablementDecision {
  if (state.of !== 'certification') return refuse('certification_not_found');
  // Alarms ring late, early and twice: one counts only for the last day that set it.
  if (state.expired || state.expiresOn !== expiresOn) return accept();
  if (now < expiredAt(expiresOn)) return refuse('certification_not_yet_expired', `valid on ${expiresOn}`);
  return accept({ type: 'CertificateExpired', data: { certificationId, memberId: state.memberId, certificate: state.certificate, expiresOn } });
}
