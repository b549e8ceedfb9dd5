import type { Decider } from '../../kernel/decider.js';
import { defined } from '../defined.js';
import { BEFORE_ALL, placed, standingNow } from '../in-force.js';
import type { EnablementCommand } from './commands.js';
import { publishMaterial, shareKey, shareMaterial } from './decide-material.js';
import { assignTraining, completeTraining, expireCertification, recordCertification } from './decide-training.js';
import type { EnablementEvent } from './events.js';
import type { EnablementRefusal } from './refusals.js';
import type { Enablement, EnablementFacts, MaterialContent } from './state.js';

/** What makes sellers able to sell: trainings, certificates, material and its use; each an aggregate with streams of its own. */
export const enablement: Decider<EnablementCommand, Enablement, EnablementEvent, EnablementRefusal, EnablementFacts> = {
  initial: { of: 'nothing' },

  evolve(state, event) {
    switch (event.type) {
      case 'TrainingAssigned': return { of: 'training', status: 'assigned', memberId: event.data.memberId, course: event.data.course, assignedAt: event.occurredAt };
      case 'TrainingCompleted': return { of: 'training', status: 'completed', scorePercent: event.data.scorePercent };
      case 'CertificationRecorded': {
        const { memberId, certificate, issuedOn, expiresOn, issuer } = event.data;
        return defined({ of: 'certification' as const, memberId, certificate, issuedOn, expiresOn, issuer });
      }
      case 'CertificateExpired': return state.of === 'certification' ? { ...state, expired: true } : state;
      case 'MaterialPublished': {
        const { title, kind, edition, product, url } = event.data;
        const content: MaterialContent = { title, kind, edition, product, url };
        const at = event.occurredAt ?? BEFORE_ALL;
        // A material begins with its earliest publication, whichever was told first.
        const changes = placed(state.of === 'material' ? state.changes : [], { at, ...content });
        return { of: 'material', ...standingNow<MaterialContent>(content, changes), changes };
      }
      case 'MaterialShared': {
        const before = state.of === 'shares' ? state.shared : [];
        return { of: 'shares', shared: new Set([...before, shareKey(event.data.materialId, event.data.memberId, event.occurredAt)]) };
      }
    }
  },

  decide(state, command, context) {
    switch (command.type) {
      case 'AssignTraining': return assignTraining(state, command, context);
      case 'CompleteTraining': return completeTraining(state, command, context);
      case 'RecordCertification': return recordCertification(state, command, context);
      case 'MarkCertificateExpired': return expireCertification(state, command, context);
      case 'PublishMaterial': return publishMaterial(state, command, context.occurredAt);
      case 'ShareMaterial': return shareMaterial(state, command, context);
    }
  },
};
