import { context, type Facts } from '../../kernel/context.js';
import { memberAt } from '../member/facts.js';
import { subjectExists } from '../subject.js';
import { AssignTraining, CompleteTraining, MarkCertificateExpired, PublishMaterial, RecordCertification, ShareMaterial, type EnablementCommand } from './commands.js';
import { enablement } from './decider.js';
import { enablementEvents } from './events.js';
import { certificateId, ENABLEMENT_CATEGORY, materialAt, materialId } from './facts.js';
import { enablementRefusals } from './refusals.js';
import type { Enablement, EnablementFacts } from './state.js';

const NOT_ASKED: EnablementFacts = { member: { status: 'unknown' }, material: { status: 'unknown' }, subjectExists: false };

const facts: Facts<EnablementCommand, Enablement, EnablementFacts> = async (read, command, _, occurredAt) => {
  switch (command.type) {
    case 'AssignTraining':
    case 'RecordCertification': return { ...NOT_ASKED, member: await memberAt(read, command.memberId, occurredAt) };
    case 'ShareMaterial': {
      const [member, material, exists] = await Promise.all([
        memberAt(read, command.memberId, occurredAt),
        materialAt(read, command.materialId, occurredAt),
        subjectExists(read, command.subject),
      ]);
      return { member, material, subjectExists: exists };
    }
    case 'CompleteTraining':
    case 'MarkCertificateExpired':
    case 'PublishMaterial': return NOT_ASKED;
  }
};

/** Four kinds of aggregates, told apart by the first word of their ids. */
function aggregateId(command: EnablementCommand): string {
  switch (command.type) {
    case 'AssignTraining':
    case 'CompleteTraining': return `training.${command.trainingId}`;
    case 'RecordCertification':
    case 'MarkCertificateExpired': return certificateId(command.certificationId);
    case 'PublishMaterial': return materialId(command.materialId);
    case 'ShareMaterial': return `shares.${command.subject.kind}.${command.subject.id}`;
  }
}

export const enablementContext = context({
  name: 'enablement',
  category: ENABLEMENT_CATEGORY,
  idField: 'trainingId',
  aggregateId,
  commands: [AssignTraining, CompleteTraining, RecordCertification, MarkCertificateExpired, PublishMaterial, ShareMaterial],
  events: enablementEvents,
  refusals: enablementRefusals,
  decider: enablement,
  facts,
});
