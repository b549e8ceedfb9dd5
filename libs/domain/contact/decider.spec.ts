import fc from 'fast-check';
import { describe, it } from '@jest/globals';
import { build } from '../../kernel/command.js';
import { deciderSpec } from '../../testing/decider-spec.js';
import { holdsTwiceIsOnce } from '../../testing/decider-property.js';
import { ForgetContact } from './commands.js';
import { contactContext } from './contact.context.js';
import { contact } from './decider.js';
import type { ContactEvent } from './events.js';

const forgotten: ContactEvent = { type: 'ContactForgotten', data: { contactId: 'l1', reason: 'requested' } };
const forget = build(ForgetContact, { contactId: 'l1', reason: 'requested' });

const { given } = deciderSpec<ForgetContact, typeof contact.initial, ContactEvent, never, unknown>(contact, {});

describe('a contact', () => {
  it('is forgotten', () => given().when(forget).then(forgotten));
  it('is forgotten without a reason', () => given().when(build(ForgetContact, { contactId: 'l1' })).then({ type: 'ContactForgotten', data: { contactId: 'l1' } }));
  it('is forgotten once, for whatever reason', () => given(forgotten).when(build(ForgetContact, { contactId: 'l1', reason: 'other' })).thenNothing());

  it('does once what is sent twice, after any history', () => {
    holdsTwiceIsOnce(contactContext, fc.constantFrom(forget, build(ForgetContact, { contactId: 'l1' })), fc.constant({}));
  });
});
