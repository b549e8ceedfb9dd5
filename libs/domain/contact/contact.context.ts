import { context, noFacts } from '../../kernel/context.js';
import { ForgetContact } from './commands.js';
import { contact, contactRefusals } from './decider.js';
import { contactEvents } from './events.js';

export const contactContext = context({
  name: 'contact',
  category: 'contact',
  idField: 'contactId',
  commands: [ForgetContact],
  events: contactEvents,
  refusals: contactRefusals,
  decider: contact,
  facts: noFacts,
});
