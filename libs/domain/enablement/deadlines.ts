import { build } from '../../kernel/command.js';
import type { DeadlineSource } from '../../kernel/deadline.js';
import { MarkCertificateExpired } from './commands.js';
import type { EnablementEvent } from './events.js';
import { certificationOf, ENABLEMENT_CATEGORY } from './facts.js';
import { expiredAt, lastDayBefore } from './last-day.js';

/** A certificate expires when its last day is over everywhere; recorded anew, it expires when the new one is. */
export const certificateDeadline: DeadlineSource<EnablementEvent> = {
  kind: 'certificate_expired',
  category: ENABLEMENT_CATEGORY,
  events: ['CertificationRecorded', 'CertificateExpired'],
  after(event) {
    switch (event.type) {
      case 'CertificationRecorded': {
        if (event.data.expiresOn === undefined) return null;
        const dueAt = expiredAt(event.data.expiresOn);
        return { dueAt, ringAt: dueAt };
      }
      case 'CertificateExpired': return null;
      case 'TrainingAssigned':
      case 'TrainingCompleted':
      case 'MaterialPublished':
      case 'MaterialShared': return undefined;
    }
  },
  command: (aggregateId, { dueAt }) => build(MarkCertificateExpired, { certificationId: certificationOf(aggregateId), expiresOn: lastDayBefore(dueAt) }),
};
