import { accept, type Decider } from '../../kernel/decider.js';
import type { RefusalCatalog } from '../../kernel/refusal.js';
import { defined } from '../defined.js';
import type { ContactCommand } from './commands.js';
import type { ContactEvent } from './events.js';

export interface Contact {
  readonly status: 'remembered' | 'forgotten';
}

/** Forgetting is never refused, also not for an id that nothing is known of: its data may be on the way. */
export type ContactRefusal = never;

export const contactRefusals: RefusalCatalog<ContactRefusal> = {};

/** A person whose data is stored under an id of the log; forgotten once and for ever. */
export const contact: Decider<ContactCommand, Contact, ContactEvent, ContactRefusal> = {
  initial: { status: 'remembered' },

  evolve: () => ({ status: 'forgotten' }),

  decide(state, { contactId, reason }) {
    if (state.status === 'forgotten') return accept();
    return accept({ type: 'ContactForgotten', data: defined({ contactId, reason }) });
  },
};
