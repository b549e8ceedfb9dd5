import { build } from '../../kernel/command.js';
import type { DeadlineSource } from '../../kernel/deadline.js';
import { MarkRenewalLapsed } from './commands.js';
import type { ClientEvent } from './events.js';

/** A renewal lapses when its day is over; there is no grace. */
export const renewalDeadline: DeadlineSource<ClientEvent> = {
  kind: 'renewal_lapsed',
  category: 'client',
  events: ['ClientOnboarded', 'ClientRenewed', 'ClientWonBack', 'ClientChurned', 'RenewalLapsed'],
  after(event) {
    switch (event.type) {
      case 'ClientOnboarded':
      case 'ClientRenewed':
      case 'ClientWonBack': return event.data.renewal ? { dueAt: event.data.renewal.lapsesAt, ringAt: event.data.renewal.lapsesAt } : null;
      case 'ClientChurned':
      case 'RenewalLapsed': return null;
      case 'PurchaseRecorded':
      case 'ClientExpanded':
      case 'ClientDownsized':
      case 'ClientReassigned': return undefined;
    }
  },
  command: (clientId, { dueAt }) => build(MarkRenewalLapsed, { clientId, lapsesAt: dueAt }),
};
